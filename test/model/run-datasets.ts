import { type Clock, compareTexts, oldest } from './clock.ts'
import { numberOf, textOf } from './json.ts'
import { current, lastSaid, type Name, type Said, type SaidOfDataset, sayings } from './said.ts'
import { type Schema, lastSchema, schemaSaid } from './schemas.ts'

export interface Read {
  dataset: Name
  at: bigint
  version: string | undefined
  schema: Schema | undefined
  rowCount: number | undefined
  said: SaidOfDataset[]
}

export interface Written {
  dataset: Name
  at: bigint
  version: string | undefined
  schema: Schema | undefined
  change: string | undefined
  rowCount: number | undefined
  said: SaidOfDataset[]
}

/** The datasets that a run has read, over all that it has said. */
export function readsOf(inputs: readonly SaidOfDataset[], outputs: readonly SaidOfDataset[]): Read[] {
  return byDataset(inputs).map((said) => {
    const { dataset, at } = atOf(said)
    const written = writtenVersion(outputs.filter((output) => output.dataset === dataset))
    return {
      dataset,
      at,
      said,
      version: oldestVersion(said, written),
      schema: lastSchema(said)?.schema,
      rowCount: rowCountOf(said, 'inputStatistics'),
    }
  })
}

/** The datasets that a run has written, whatever became of it. */
export function writesOf(outputs: readonly SaidOfDataset[]): Written[] {
  return byDataset(outputs).map((said) => ({
    ...atOf(said),
    said,
    version: writtenVersion(said),
    schema: schemaSaid(said)?.schema,
    change: textOf(lastSaid(said, 'lifecycleStateChange')?.facet['lifecycleStateChange']),
    rowCount: rowCountOf(said, 'outputStatistics'),
  }))
}

function byDataset(said: readonly SaidOfDataset[]): SaidOfDataset[][] {
  const names = [...new Set(said.map(({ dataset }) => dataset))]
  return names.map((name) => said.filter(({ dataset }) => dataset === name))
}

function atOf(said: readonly SaidOfDataset[]): { dataset: Name; at: bigint } {
  const first = oldest(said)
  if (first === undefined) throw new Error('a dataset that nothing names')
  return { dataset: first.dataset, at: first.clock.time }
}

/** The version that a run calls its result: the last one, for Iceberg names the one before on START. */
function writtenVersion(outputs: readonly Said[]): string | undefined {
  return textOf(lastSaid(outputs, 'version')?.facet['datasetVersion'])
}

/** The oldest version that was named and that the run did not write itself. */
function oldestVersion(inputs: readonly Said[], written: string | undefined): string | undefined {
  const named = sayings(inputs, 'version').flatMap(({ facet, clock }) => {
    const version = textOf(facet['datasetVersion'])
    return version === undefined || version === written ? [] : [{ version, clock }]
  })
  return named.toSorted(compareTimes)[0]?.version
}

function compareTimes(a: { version: string; clock: Clock }, b: { version: string; clock: Clock }): number {
  return Number(a.clock.time - b.clock.time) || compareTexts(a.version, b.version)
}

function rowCountOf(said: readonly SaidOfDataset[], key: string): number | undefined {
  const sides: Said[] = said.map(({ clock, sideFacets }) => ({ clock, facets: sideFacets }))
  return numberOf(current(sides, key)?.facet['rowCount'])
}
