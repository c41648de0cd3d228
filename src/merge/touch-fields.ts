import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { toDateTime } from '../graph/values.ts'
import { toEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { DatasetNodeChange } from './dataset-changes.ts'
import { toNames, type FieldMention } from './field-sightings.ts'
import { runRows } from './run-rows.ts'
import type { SeenFields } from './sightings.ts'

/** All fields that were last sighted in this schema. */
const touchSchemasStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.dataset})-[:HAS_FIELD]->(f:Field)
  USING INDEX SEEK d:Dataset(namespace, name)
  WHERE f.sightedIn = row.schema AND f.removedAt IS NULL
  SET f.firstSeenAt = CASE WHEN f.firstSeenAt < row.first THEN f.firstSeenAt ELSE row.first END,
    f.lastSeenAt = CASE WHEN f.lastSeenAt > row.last THEN f.lastSeenAt ELSE row.last END
  RETURN row.namespace AS namespace, row.dataset AS dataset, count(f) AS touched
`

const touchNamedStatement = cypher`
  UNWIND $rows AS row
  UNWIND row.paths AS path
  MATCH (f:Field {namespace: row.namespace, dataset: row.dataset, name: path})
  USING INDEX SEEK f:Field(namespace, dataset, name)
  WHERE f.removedAt IS NULL
  SET f.firstSeenAt = CASE WHEN f.firstSeenAt < row.first THEN f.firstSeenAt ELSE row.first END,
    f.lastSeenAt = CASE WHEN f.lastSeenAt > row.last THEN f.lastSeenAt ELSE row.last END
  RETURN row.namespace AS namespace, row.dataset AS dataset, count(f) AS touched
`

interface FieldTouch {
  dataset: EntityKey
  mention: FieldMention
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
  const touches = datasets.flatMap((change) => {
    const mentions = seen.mentions.get(change.dataset) ?? []
    if (isMereSighting(change, mentions))
      return mentions.map((mention) => ({ dataset: change.dataset, mention }))
    others.add(change.dataset)
    return []
  })
  const ofSchemas = touches.filter(({ mention }) => mention.schema !== undefined)
  const named = touches.filter(({ mention }) => mention.schema === undefined)
  const found = [
    await runRows(tx, touchSchemasStatement, ofSchemas.map(toSchemaRow)),
    await runRows(tx, touchNamedStatement, named.map(toNamedRow)),
  ]
  for (const [index, rows] of found.entries()) {
    const touched = countByDataset(rows)
    for (const [dataset, expected] of countExpected(index === 0 ? ofSchemas : named)) {
      if (touched.get(dataset) !== expected) others.add(dataset)
    }
  }
  return datasets.filter(({ dataset }) => others.has(dataset))
}

/** Whether fields that are there were seen once more, by the current schema if by any. */
function isMereSighting(
  { schemaBefore, schemaAfter }: DatasetNodeChange,
  mentions: readonly FieldMention[],
): boolean {
  if (schemaBefore !== schemaAfter || !mentions.every(({ isKnown }) => isKnown)) return false
  const schemas = mentions.flatMap(({ schema }) => schema ?? [])
  return schemas.length === 0 || (schemas.length === 1 && schemas[0] === (schemaAfter ?? schemas[0]))
}

function toSchemaRow({ dataset, mention: { schema, first, last } }: FieldTouch) {
  return { ...toNames(dataset), schema, first: toDateTime(first), last: toDateTime(last) }
}

function toNamedRow({ dataset, mention: { paths, first, last } }: FieldTouch) {
  return { ...toNames(dataset), paths: [...paths.keys()], first: toDateTime(first), last: toDateTime(last) }
}

function countByDataset(rows: readonly Record<string, unknown>[]): Map<EntityKey, number> {
  return new Map(
    rows.map(({ namespace, dataset, touched }) => [
      toEntityKey({ namespace: String(namespace), name: String(dataset) }),
      Number(touched),
    ]),
  )
}

function countExpected(touches: readonly FieldTouch[]): Map<EntityKey, number> {
  const counts = new Map<EntityKey, number>()
  for (const { dataset, mention } of touches)
    counts.set(dataset, (counts.get(dataset) ?? 0) + mention.paths.size)
  return counts
}
