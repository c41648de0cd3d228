import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { toDateTime } from '../graph/values.ts'
import { toEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import type { DatasetNodeChange } from './dataset-changes.ts'
import { toNames, type FieldMention } from './field-sightings.ts'
import { runRows } from './run-rows.ts'
import type { SeenFields } from './sightings.ts'

/** All fields that were last sighted in this schema. */
const schemasEarlierStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.dataset})-[:HAS_FIELD]->(f:Field)
  USING INDEX SEEK d:Dataset(namespace, name)
  WHERE f.sightedIn = row.schema AND f.removedAt IS NULL
  SET f.firstSeenAt = CASE WHEN f.firstSeenAt < row.at THEN f.firstSeenAt ELSE row.at END
  RETURN row.namespace AS namespace, row.dataset AS dataset, count(f) AS touched
`

const schemasLaterStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.dataset})-[:HAS_FIELD]->(f:Field)
  USING INDEX SEEK d:Dataset(namespace, name)
  WHERE f.sightedIn = row.schema AND f.removedAt IS NULL
  SET f.lastSeenAt = CASE WHEN f.lastSeenAt > row.at THEN f.lastSeenAt ELSE row.at END
  RETURN row.namespace AS namespace, row.dataset AS dataset, count(f) AS touched
`

const namedEarlierStatement = cypher`
  UNWIND $rows AS row
  UNWIND row.paths AS path
  MATCH (f:Field {namespace: row.namespace, dataset: row.dataset, name: path})
  USING INDEX SEEK f:Field(namespace, dataset, name)
  WHERE f.removedAt IS NULL
  SET f.firstSeenAt = CASE WHEN f.firstSeenAt < row.at THEN f.firstSeenAt ELSE row.at END
  RETURN row.namespace AS namespace, row.dataset AS dataset, count(f) AS touched
`

const namedLaterStatement = cypher`
  UNWIND $rows AS row
  UNWIND row.paths AS path
  MATCH (f:Field {namespace: row.namespace, dataset: row.dataset, name: path})
  USING INDEX SEEK f:Field(namespace, dataset, name)
  WHERE f.removedAt IS NULL
  SET f.lastSeenAt = CASE WHEN f.lastSeenAt > row.at THEN f.lastSeenAt ELSE row.at END
  RETURN row.namespace AS namespace, row.dataset AS dataset, count(f) AS touched
`

/** Fields of one dataset that were seen together, earlier or later than they know. */
interface Widening {
  dataset: EntityKey
  mention: FieldMention
  at: Instant
}

/**
 * With every new hour the fields of all datasets in use were seen again, and mostly nothing else has changed of them: then their times
 * are widened where they stand, without being read. It is right where every field was last sighted in the very schema that names it
 * now, and none is removed, which the statement looks at itself and tells by how many it found.
 * @returns the datasets that this was not enough for
 */
export async function touchFields(
  tx: GraphTransaction,
  { seen, datasets }: { seen: SeenFields; datasets: readonly DatasetNodeChange[] },
): Promise<DatasetNodeChange[]> {
  const others = new Set<EntityKey>()
  const [earlier, later]: [Widening[], Widening[]] = [[], []]
  for (const change of datasets) {
    const { dataset } = change
    const mentions = seen.mentions.get(dataset) ?? []
    if (!isMereSighting(change, mentions)) others.add(dataset)
    else {
      // What its fields know already is not written once more.
      earlier.push(...mentions.filter(isEarlier).map((mention) => ({ dataset, mention, at: mention.first })))
      later.push(...mentions.filter(isLater).map((mention) => ({ dataset, mention, at: mention.last })))
    }
  }
  for (const [statement, widenings] of [
    [schemasEarlierStatement, earlier.filter(isOfSchema)],
    [namedEarlierStatement, earlier.filter(isNamed)],
    [schemasLaterStatement, later.filter(isOfSchema)],
    [namedLaterStatement, later.filter(isNamed)],
  ] as const) {
    const touched = countByDataset(await runRows(tx, statement, widenings.map(toRow)))
    for (const [dataset, expected] of countExpected(widenings)) {
      if (touched.get(dataset) !== expected) others.add(dataset)
    }
  }
  return datasets.filter(({ dataset }) => others.has(dataset))
}

function isEarlier({ first, before }: FieldMention): boolean {
  return before === undefined || first < before.first
}

function isLater({ last, before }: FieldMention): boolean {
  return before === undefined || last > before.last
}

function isOfSchema({ mention }: Widening): boolean {
  return mention.schema !== undefined
}

function isNamed(widening: Widening): boolean {
  return !isOfSchema(widening)
}

/** Whether fields that are there were seen once more, by the current schema if by any. */
function isMereSighting(
  { schemaBefore, schemaAfter }: DatasetNodeChange,
  mentions: readonly FieldMention[],
): boolean {
  if (schemaBefore !== schemaAfter || mentions.some(({ before }) => before === undefined)) return false
  const schemas = mentions.flatMap(({ schema }) => schema ?? [])
  return schemas.length === 0 || (schemas.length === 1 && schemas[0] === (schemaAfter ?? schemas[0]))
}

function toRow({ dataset, mention: { schema, paths }, at }: Widening) {
  const names = { ...toNames(dataset), at: toDateTime(at) }
  return schema === undefined ? { ...names, paths: [...paths.keys()] } : { ...names, schema }
}

function countByDataset(rows: readonly Record<string, unknown>[]): Map<EntityKey, number> {
  return new Map(
    rows.map(({ namespace, dataset, touched }) => [
      toEntityKey({ namespace: String(namespace), name: String(dataset) }),
      Number(touched),
    ]),
  )
}

function countExpected(widenings: readonly Widening[]): Map<EntityKey, number> {
  const counts = new Map<EntityKey, number>()
  for (const { dataset, mention } of widenings)
    counts.set(dataset, (counts.get(dataset) ?? 0) + mention.paths.size)
  return counts
}
