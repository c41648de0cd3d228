import { columnLineageOf } from './column-lineage.ts'
import { type Edge, uniteEdges } from './edges.ts'
import { datasetLineageOf } from './explicit-lineage.ts'
import { current, type Name, type SaidOfDataset } from './said.ts'

/**
 * What DatasetEvents declare to feed their datasets, without a job: of each the newest `lineage` facet, else the newest `columnLineage`
 * facet. It is always current.
 */
export function declaredLineageOf(declared: readonly SaidOfDataset[]): Edge[] {
  const names = [...new Set(declared.map(({ dataset }) => dataset))]
  return names.flatMap((name) =>
    edgesInto(
      name,
      declared.filter(({ dataset }) => dataset === name),
    ),
  )
}

function edgesInto(target: Name, declared: readonly SaidOfDataset[]): Edge[] {
  const explicit = current(declared, 'lineage')?.facet
  // A facet without either says nothing of where its dataset comes from.
  if (explicit?.['inputs'] !== undefined || explicit?.['fields'] !== undefined)
    return uniteEdges(datasetLineageOf(explicit, target).edges)
  const { sources, edges } = columnLineageOf(target, current(declared, 'columnLineage')?.facet)
  const flows = sources
    .filter((source) => source !== target)
    .map((source): Edge => ({ subject: `${source} FEEDS ${target}`, derivation: 'COLUMN' }))
  return uniteEdges([...flows, ...edges])
}
