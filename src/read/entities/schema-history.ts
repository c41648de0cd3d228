import type { GraphTransaction } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asText, fromDateTime, toDateTime } from '../../graph/values.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import type { Instant } from '../../openlineage/time.ts'
import { toCursor, type CursorValues } from '../page.ts'
import { toColumnChanges, toColumnList, toColumns } from './column-changes.ts'
import { toTimePosition } from './positions.ts'
import { toPeriods, type SchemaPeriod, type WrittenSchema } from './schema-periods.ts'

/** Versions looked at for one page. */
const versionsMax = 10_000

const readWrittenSchemas = cypher`
  MATCH (v:DatasetVersion)
  WHERE v.namespace = $namespace AND v.dataset = $name AND v.writtenAt <= $to
  WITH v WHERE (v.writtenAt < $to OR v.key < $key) AND v.schema IS NOT NULL
  RETURN v.schema AS schema, v.writtenAt AS writtenAt, v.key AS key
  ORDER BY v.namespace DESC, v.dataset DESC, v.writtenAt DESC, v.key DESC
  LIMIT toInteger($rows)
`

/** The distinct schemas of a dataset, few of them, whoever stated them: writers, readers or its DatasetEvents. */
const readSchemasSeen = cypher`
  MATCH (:Dataset {namespace: $namespace, name: $name})<-[:SCHEMA_OF]-(s:SchemaVersion)
  WITH s ORDER BY s.firstSeenAt DESC LIMIT toInteger($rows)
  RETURN s.key AS key, s.fields AS fields, s.firstSeenAt AS firstSeenAt, s.lastSeenAt AS lastSeenAt,
    EXISTS { (s)<-[:HAS_SCHEMA]-(:DatasetVersion) } AS written
`
const schemasMax = 1000

interface Seen {
  fields: string
  firstSeenAt: Instant | undefined
  lastSeenAt: Instant | undefined
  isWritten: boolean
}

/**
 * When each schema of a dataset held, the newest first, and what differs from the one before. Periods are those of versions that runs
 * wrote; a schema that only readers saw, or DatasetEvents declared, stands with its first and last sighting.
 */
export async function readSchemaHistory(
  tx: GraphTransaction,
  { dataset, after, limit }: { dataset: EntityName; after: CursorValues | undefined; limit: number },
): Promise<{ page: Record<string, unknown>[]; next?: string }> {
  const { at, behind } = toTimePosition(after)
  const [written, seenRows] = await Promise.all([
    tx.run(readWrittenSchemas, { ...dataset, to: toDateTime(at), key: behind, rows: versionsMax }),
    tx.run(readSchemasSeen, { ...dataset, rows: schemasMax }),
  ])
  const seen = new Map(
    seenRows.map((row): [string, Seen] => [
      String(row['key']),
      {
        fields: asText(row['fields']) ?? '[]',
        firstSeenAt: fromDateTime(row['firstSeenAt']),
        lastSeenAt: fromDateTime(row['lastSeenAt']),
        isWritten: row['written'] === true,
      },
    ]),
  )
  const heldTo = after === undefined ? undefined : asText(after[2])
  const periods = toPeriods(written.map(toWritten), { isWhole: written.length < versionsMax, heldTo })
  // One more than the page shows: what differs is told against the one before.
  const shown = periods.slice(0, limit)
  const last = shown.at(-1)
  const hasMore = last !== undefined && (periods.length > limit || written.length === versionsMax)
  const page = shown.map((period, index) => toShownPeriod(period, periods[index + 1], seen))
  if (hasMore) return { page, next: toCursor([last.from, last.oldestKey, last.from]) }
  return { page: [...page, ...toSightings([...seen].filter(([, { isWritten }]) => !isWritten))] }
}

function toWritten(row: Record<string, unknown>): WrittenSchema {
  return {
    schema: String(row['schema']),
    writtenAt: fromDateTime(row['writtenAt']) ?? '',
    key: String(row['key']),
  }
}

function toShownPeriod(
  { schema, from, to, versions }: SchemaPeriod,
  before: SchemaPeriod | undefined,
  seen: ReadonlyMap<string, Seen>,
): Record<string, unknown> {
  const fieldsOf = (key: string) => seen.get(key)?.fields
  const changes =
    before === undefined
      ? undefined
      : toColumnChanges({ from: toColumns(fieldsOf(before.schema)), to: toColumns(fieldsOf(schema)) })
  return {
    schema,
    source: 'WRITTEN',
    heldFrom: from,
    ...(to !== undefined && { heldTo: to }),
    versions,
    columns: toColumnList(fieldsOf(schema)),
    ...(changes !== undefined && { changes }),
  }
}

function toSightings(seen: readonly (readonly [string, Seen])[]): Record<string, unknown>[] {
  return seen.map(([schema, { fields, firstSeenAt, lastSeenAt }], index) => {
    const before = seen[index + 1]?.[1]
    const isSpan = lastSeenAt !== undefined && firstSeenAt !== undefined && lastSeenAt > firstSeenAt
    return {
      schema,
      source: 'SEEN',
      heldFrom: firstSeenAt,
      ...(isSpan && { heldTo: lastSeenAt }),
      columns: toColumnList(fields),
      ...(before !== undefined && {
        changes: toColumnChanges({ from: toColumns(before.fields), to: toColumns(fields) }),
      }),
    }
  })
}
