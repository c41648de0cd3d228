import { toCanonicalJson } from '../openlineage/canonical-json.ts'
import type { EntityKey } from '../openlineage/keys.ts'
import { sourceDatasets, type ColumnLineage, type ColumnSource } from './column-lineage.ts'
import { addExplicitLineages } from './explicit-structure.ts'
import type { JobContent } from './job-content.ts'
import { isIndexablePath } from './schema-version.ts'
import {
  emptyStructure,
  isExplicit,
  toColumnFlowKey,
  toDatasetFlowKey,
  type FieldFlow,
  type Influence,
  type LineageContent,
  type LineageContents,
  type Structure,
} from './structure.ts'

/**
 * The edges of a job with this content (rule 4 of the graph model). Explicit lineage is the only source of its targets' flows. Of every
 * other output: every input feeds it, `COLUMN` where column lineage names it, else `IO`; a source that only column lineage names feeds
 * it as well, without being read.
 * @param lineages those that the content names, by key
 */
export function toStructure(job: EntityKey, content: JobContent, lineages: LineageContents): Structure {
  const structure = emptyStructure()
  structure.reads = content.inputs
  structure.writes = content.outputs
  const explicit = (content.lineage ?? []).flatMap((key) => {
    const lineage = lineages.get(key)
    return lineage !== undefined && isExplicit(lineage) ? [lineage] : []
  })
  addExplicitLineages(structure, { owner: job, ownJob: job, explicit })
  const settled = new Set(
    explicit.filter(({ target }) => target.kind === 'DATASET').map(({ target }) => target.entity),
  )
  for (const output of content.outputs.filter((dataset) => !settled.has(dataset))) {
    const found = lineages.get(content.columnLineage[output] ?? '')
    const columnLineage = found === undefined || isExplicit(found) ? undefined : found
    addOutput(structure, { owner: job, inputs: content.inputs, output, columnLineage })
  }
  return structure
}

/** The edges that DatasetEvents declare of a dataset: its explicit lineage, else its column lineage. */
export function toDeclaredStructure(dataset: EntityKey, content: LineageContent | undefined): Structure {
  const structure = emptyStructure()
  if (content === undefined) return structure
  const owner = `dataset ${dataset}`
  if (isExplicit(content)) addExplicitLineages(structure, { owner, ownJob: undefined, explicit: [content] })
  else addOutput(structure, { owner, inputs: [], output: dataset, columnLineage: content })
  return structure
}

/** What flows into an output of which no explicit lineage speaks. */
function addOutput(
  structure: Structure,
  {
    owner,
    inputs,
    output,
    columnLineage,
  }: { owner: string; inputs: EntityKey[]; output: EntityKey; columnLineage: ColumnLineage | undefined },
): void {
  const named = columnLineage === undefined ? new Set<EntityKey>() : sourceDatasets(columnLineage)
  for (const from of new Set([...inputs, ...named])) {
    if (from === output) continue
    const derivation = named.has(from) ? 'COLUMN' : 'IO'
    const ends = { from, to: output }
    structure.feeds.push({ key: toDatasetFlowKey(owner, ends), ...ends, derivation })
  }
  if (columnLineage === undefined) return
  const { fieldFeeds, influences } = toColumnFlows(columnLineage, { owner, output })
  structure.fieldFeeds.push(...fieldFeeds)
  structure.influences.push(...influences)
}

function toColumnFlows(
  columnLineage: ColumnLineage,
  { owner, output }: { owner: string; output: EntityKey },
): Pick<Structure, 'fieldFeeds' | 'influences'> {
  const fieldFeeds = Object.entries(columnLineage.fields).flatMap(([toField, sources]) =>
    sources
      .filter(({ field }) => isIndexablePath(field) && isIndexablePath(toField))
      .map((source) => toFieldFlow(source, { owner, output, toField })),
  )
  const influences = columnLineage.dataset
    .filter(({ field }) => isIndexablePath(field))
    .map((source) => toInfluence(source, { owner, output }))
  return { fieldFeeds, influences }
}

/*
 * Members are written out in both, twice as they are: of objects that begin with a spread V8 makes a hidden class each.
 */

function toFieldFlow(
  { dataset, field, type, subtype, masking, description }: ColumnSource,
  { owner, output, toField }: { owner: string; output: EntityKey; toField: string },
): FieldFlow {
  const target = toCanonicalJson([output, toField])
  return {
    key: toColumnFlowKey(owner, { dataset, field, type, subtype, target }),
    from: dataset,
    fromField: field,
    to: output,
    toField,
    derivation: 'COLUMN',
    type,
    subtype,
    masking,
    description,
  }
}

function toInfluence(
  { dataset, field, type, subtype, masking, description }: ColumnSource,
  { owner, output }: { owner: string; output: EntityKey },
): Influence {
  return {
    key: toColumnFlowKey(owner, { dataset, field, type, subtype, target: output }),
    from: dataset,
    fromField: field,
    to: output,
    derivation: 'COLUMN',
    type,
    subtype,
    masking,
    description,
  }
}
