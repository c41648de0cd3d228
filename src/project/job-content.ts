import { byKey, toCanonicalJson } from '../openlineage/canonical-json.ts'
import {
  fromEntityKey,
  toContentKey,
  toEntityKey,
  type EntityKey,
  type EntityName,
} from '../openlineage/keys.ts'
import { sourceDatasets, type ColumnLineage, type ColumnSource } from './column-lineage.ts'
import { isIndexablePath } from './schema-version.ts'

/** What distinguishes one version of a job from another. */
export interface JobContent {
  inputs: EntityKey[]
  outputs: EntityKey[]
  /** Key of the ColumnLineage of each output that has one. */
  columnLineage: Record<EntityKey, string>
  /** Fingerprint of the SQL. */
  sql: string | undefined
  /** Version, or content key, of the source code. */
  source: string | undefined
}

/** The edges that a content of a job implies. */
export interface Structure {
  reads: EntityKey[]
  writes: EntityKey[]
  feeds: DatasetFlow[]
  fieldFeeds: FieldFlow[]
  influences: Influence[]
}

/** How a flow is known, the weakest first. */
export const derivations = ['IO', 'COLUMN', 'EXPLICIT'] as const
export type Derivation = (typeof derivations)[number]

export interface DatasetFlow {
  key: string
  from: EntityKey
  to: EntityKey
  derivation: Derivation
}

interface ColumnFlow {
  key: string
  from: EntityKey
  fromField: string
  to: EntityKey
  derivation: Derivation
  type: string
  subtype: string
  masking: boolean
  description: string
}

export interface FieldFlow extends ColumnFlow {
  toField: string
}

export type Influence = ColumnFlow

/** A content from what was said: outputs with the key of their ColumnLineage, where they have one. */
export function toJobContent({
  inputs,
  outputs,
  sql,
  source,
}: {
  inputs: Iterable<EntityKey>
  outputs: readonly (readonly [dataset: EntityKey, columnLineage: string | null | undefined])[]
  sql: string | undefined
  source: string | undefined
}): JobContent {
  const explained = outputs.flatMap(([dataset, key]) =>
    typeof key === 'string' ? [[dataset, key] as const] : [],
  )
  return {
    inputs: [...inputs].toSorted(),
    outputs: outputs.map(([dataset]) => dataset).toSorted(),
    columnLineage: Object.fromEntries(explained),
    sql,
    source,
  }
}

export function toJobVersionKey(job: EntityKey, content: JobContent): string {
  return toContentKey(`${job} ${toCanonicalJson(content)}`)
}

export function emptyStructure(): Structure {
  return { reads: [], writes: [], feeds: [], fieldFeeds: [], influences: [] }
}

/**
 * The edges of a job with this content (rule 4 of the graph model): every input feeds every output, `COLUMN` where column lineage
 * names it, else `IO`; a source that only column lineage names feeds as well, without being read.
 * @param columnLineages those that the content names, by key
 */
export function toStructure(
  job: EntityKey,
  content: JobContent,
  columnLineages: ReadonlyMap<string, ColumnLineage>,
): Structure {
  const structure = emptyStructure()
  structure.reads = content.inputs
  structure.writes = content.outputs
  for (const output of content.outputs) {
    const columnLineage = columnLineages.get(content.columnLineage[output] ?? '')
    const named = columnLineage === undefined ? new Set<EntityKey>() : sourceDatasets(columnLineage)
    for (const from of new Set([...content.inputs, ...named])) {
      if (from === output) continue
      const derivation = named.has(from) ? 'COLUMN' : 'IO'
      structure.feeds.push({ key: toContentKey(`${job} ${from} ${output}`), from, to: output, derivation })
    }
    if (columnLineage !== undefined) addColumns(structure, { job, output, columnLineage })
  }
  return structure
}

/** Whether going from one structure to the other takes nothing back: every edge stays, as strong as it was. */
export function isWithin(part: Structure, whole: Structure): boolean {
  const strengths = new Map(whole.feeds.map(({ key, derivation }) => [key, derivations.indexOf(derivation)]))
  return (
    isSubset(part.reads, whole.reads) &&
    isSubset(part.writes, whole.writes) &&
    part.feeds.every(
      ({ key, derivation }) => derivations.indexOf(derivation) <= (strengths.get(key) ?? -1),
    ) &&
    isSubset(part.fieldFeeds.map(toStated), whole.fieldFeeds.map(toStated)) &&
    isSubset(part.influences.map(toStated), whole.influences.map(toStated))
  )
}

/** The text that a JobVersion shows of its content. */
export function encodeContent({ inputs, outputs, columnLineage, sql, source }: JobContent): string {
  return toCanonicalJson({
    inputs: inputs.map(fromEntityKey),
    outputs: outputs.map(fromEntityKey),
    columnLineage: Object.entries(columnLineage)
      .toSorted(byKey)
      .map(([dataset, key]) => ({ ...fromEntityKey(dataset), key })),
    sql,
    source,
  })
}

/** The content behind a text that `encodeContent` made. */
export function decodeContent(text: string): JobContent {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own text, written by encodeContent
  const shown = JSON.parse(text) as ShownContent
  return {
    inputs: shown.inputs.map(toEntityKey),
    outputs: shown.outputs.map(toEntityKey),
    columnLineage: Object.fromEntries(shown.columnLineage.map((entry) => [toEntityKey(entry), entry.key])),
    sql: shown.sql,
    source: shown.source,
  }
}

interface ShownContent {
  inputs: EntityName[]
  outputs: EntityName[]
  columnLineage: (EntityName & { key: string })[]
  sql: string | undefined
  source: string | undefined
}

function isSubset(part: string[], whole: string[]): boolean {
  const all = new Set(whole)
  return part.every((item) => all.has(item))
}

function toStated({ key, masking, description }: ColumnFlow): string {
  return `${key} ${masking} ${description}`
}

function addColumns(
  structure: Structure,
  { job, output, columnLineage }: { job: EntityKey; output: EntityKey; columnLineage: ColumnLineage },
): void {
  const toFlow = (source: ColumnSource, target: string) => ({
    key: toContentKey(
      toCanonicalJson([job, source.dataset, source.field, target, source.type, source.subtype]),
    ),
    from: source.dataset,
    fromField: source.field,
    to: output,
    derivation: 'COLUMN' as const,
    type: source.type,
    subtype: source.subtype,
    masking: source.masking,
    description: source.description,
  })
  for (const [toField, sources] of Object.entries(columnLineage.fields)) {
    const flows = sources
      .filter(({ field }) => isIndexablePath(field) && isIndexablePath(toField))
      .map((source) => ({ ...toFlow(source, toCanonicalJson([output, toField])), toField }))
    structure.fieldFeeds.push(...flows)
  }
  const influences = columnLineage.dataset.filter(({ field }) => isIndexablePath(field))
  structure.influences.push(...influences.map((source) => toFlow(source, output)))
}
