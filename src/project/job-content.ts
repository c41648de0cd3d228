import { byKey, toCanonicalJson } from '../openlineage/canonical-json.ts'
import {
  fromEntityKey,
  toContentKey,
  toEntityKey,
  type EntityKey,
  type EntityName,
} from '../openlineage/keys.ts'
import { toRecord } from './to-record.ts'

/** What distinguishes one version of a job from another. */
export interface JobContent {
  inputs: EntityKey[]
  outputs: EntityKey[]
  /** Key of the ColumnLineage of each output that has one. */
  columnLineage: Record<EntityKey, string>
  /** Keys of the entries of explicit lineage, sorted; undefined where there are none. */
  lineage?: string[] | undefined
  /** Fingerprint of the SQL. */
  sql: string | undefined
  /** Version, or content key, of the source code. */
  source: string | undefined
}

/** A content from what was said: outputs with the key of their ColumnLineage, where they have one. */
export function toJobContent({
  inputs,
  outputs,
  lineage,
  sql,
  source,
}: {
  inputs: Iterable<EntityKey>
  outputs: readonly (readonly [dataset: EntityKey, columnLineage: string | null | undefined])[]
  lineage: readonly string[]
  sql: string | undefined
  source: string | undefined
}): JobContent {
  const explained = outputs.flatMap(([dataset, key]) =>
    typeof key === 'string' ? [[dataset, key] as const] : [],
  )
  return {
    inputs: [...inputs].toSorted(),
    outputs: outputs.map(([dataset]) => dataset).toSorted(),
    columnLineage: toRecord(explained),
    lineage: lineage.length === 0 ? undefined : lineage.toSorted(),
    sql,
    source,
  }
}

export function toJobVersionKey(job: EntityKey, content: JobContent): string {
  return toContentKey(`${job} ${toCanonicalJson(content)}`)
}

/** The text that a JobVersion shows of its content. */
export function encodeContent({ inputs, outputs, columnLineage, lineage, sql, source }: JobContent): string {
  return toCanonicalJson({
    inputs: inputs.map(fromEntityKey),
    outputs: outputs.map(fromEntityKey),
    columnLineage: Object.entries(columnLineage)
      .toSorted(byKey)
      .map(([dataset, key]) => ({ ...fromEntityKey(dataset), key })),
    lineage,
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
    columnLineage: toRecord(shown.columnLineage.map((entry) => [toEntityKey(entry), entry.key])),
    lineage: shown.lineage,
    sql: shown.sql,
    source: shown.source,
  }
}

interface ShownContent {
  inputs: EntityName[]
  outputs: EntityName[]
  columnLineage: (EntityName & { key: string })[]
  lineage?: string[] | undefined
  sql: string | undefined
  source: string | undefined
}
