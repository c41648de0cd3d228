import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { asText } from '../graph/values.ts'
import { byKey, toCanonicalJson } from '../openlineage/canonical-json.ts'
import type { EntityKey } from '../openlineage/keys.ts'
import { toHour, type Instant } from '../openlineage/time.ts'
import { namedFields } from '../project/column-lineage.ts'
import { fieldsNamedIn } from '../project/explicit-lineage.ts'
import type { Facts, LineageFact, SchemaFact } from '../project/facts.ts'
import { isIndexablePath, toColumnList, toFieldAttributes } from '../project/schema-version.ts'
import { isExplicit, type LineageContent } from '../project/structure.ts'
import {
  addMention,
  isCovered,
  isTold,
  joinSpans,
  toNames,
  toSpan,
  toTimes,
  type FieldMentions,
  type Paths,
  type Span,
  type ToldFields,
} from './field-sightings.ts'
import { writeFieldMentions } from './field-mentions.ts'
import { runRows } from './run-rows.ts'

const findSchemasStatement = cypher`
  UNWIND $rows AS key
  MATCH (s:SchemaVersion {key: key})
  USING INDEX SEEK s:SchemaVersion(key)
  RETURN s.key AS key, toString(s.firstSeenAt) AS first, toString(s.lastSeenAt) AS last
`

const findFieldsOfSchemasStatement = cypher`
  UNWIND $rows AS key
  MATCH (s:SchemaVersion {key: key})
  USING INDEX SEEK s:SchemaVersion(key)
  RETURN s.key AS key, s.fields AS fields
`

const writeSchemasStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.dataset})
  USING INDEX SEEK d:Dataset(namespace, name)
  MERGE (s:SchemaVersion {key: row.key})
  ON CREATE SET s.namespace = row.namespace, s.dataset = row.dataset
  SET s += row.properties
  MERGE (s)-[:SCHEMA_OF]->(d)
`

const findLineagesStatement = cypher`
  UNWIND $rows AS key
  MATCH (c:ColumnLineage {key: key})
  USING INDEX SEEK c:ColumnLineage(key)
  RETURN c.key AS key, toString(c.firstSeenAt) AS first, toString(c.lastSeenAt) AS last
`

const touchSchemasStatement = cypher`
  UNWIND $rows AS row
  MATCH (s:SchemaVersion {key: row.key})
  USING INDEX SEEK s:SchemaVersion(key)
  SET s += row.properties
`

const writeLineagesStatement = cypher`
  UNWIND $rows AS row
  MERGE (c:ColumnLineage {key: row.key})
  SET c += row.properties
`

/** What a batch has seen of fields. */
export interface SeenFields {
  mentions: FieldMentions
  /** What the batch has written of SchemaVersions beside their times, by key. */
  schemas: ReadonlyMap<string, WrittenSchema>
}

export interface WrittenSchema {
  fields: string
  last: Instant
}

/**
 * Writes the schemas, lineages and other mentions of fields that the batch states, each content once, and tells which fields were
 * thereby seen at a time that they do not know of yet. A content whose span covers the sighting has told its fields already: nothing is left to do,
 * which is what makes a known structure cheap.
 */
export async function writeSightings(tx: GraphTransaction, facts: Facts): Promise<SeenFields> {
  const mentions: FieldMentions = new Map()
  const { written: schemas, told } = await writeSchemas(tx, facts, mentions)
  await writeLineages(tx, facts, { mentions, told })
  await writeFieldMentions(tx, facts.named, { mentions, told })
  return { mentions, schemas }
}

/**
 * Each under the lock of its dataset. What stands there already is not sent again: with every new hour all schemas that are in use come
 * here.
 */
async function writeSchemas(
  tx: GraphTransaction,
  { schemas }: Facts,
  mentions: FieldMentions,
): Promise<{ written: Map<string, WrittenSchema>; told: ToldFields }> {
  const stored = new Map(
    (await runRows(tx, findSchemasStatement, [...schemas.keys()])).map((row) => [
      asText(row['key']) ?? '',
      toSpan(row),
    ]),
  )
  const fieldsBefore = await findDisputedFields(tx, { schemas, stored })
  const written = new Map<string, WrittenSchema>()
  const told = new Map<EntityKey, (Span & { paths: Paths })[]>()
  const [rows, touched] = [[] as object[], [] as object[]]
  for (const [key, said] of [...schemas].toSorted(byKey)) {
    const before = stored.get(key)
    const saidSpan = { first: said.first, last: toHour(said.last) }
    const isNews = before === undefined || isFirstStatement(said, before, fieldsBefore.get(key))
    const span = joinSpans(saidSpan, before)
    const paths = toFieldAttributes(said.fields)
    told.set(said.dataset, [...(told.get(said.dataset) ?? []), { ...span, paths }])
    if (!isNews && isCovered(saidSpan, before)) continue
    if (isNews) {
      written.set(key, { fields: said.fields, last: span.last })
      const shown = { fields: said.fields, columns: toColumnList(said.fields) }
      rows.push({ key, ...toNames(said.dataset), properties: { ...shown, ...toTimes(span) } })
    } else touched.push({ key, properties: toTimes(span) })
    addMention(mentions, said.dataset, {
      ...saidSpan,
      paths,
      schema: key,
      before: isNews ? undefined : before,
    })
  }
  await runRows(tx, writeSchemasStatement, rows)
  await runRows(tx, touchSchemasStatement, touched)
  return { written, told }
}

/** The order of its fields is that of its first statement; of two at one time, the lesser text's. */
function isFirstStatement(said: SchemaFact, before: Span, fieldsBefore: string | undefined): boolean {
  if (said.first !== before.first) return said.first < before.first && said.fields !== fieldsBefore
  return fieldsBefore === undefined || said.fields < fieldsBefore
}

/** The fields, as they stand, of schemas that the batch states no later than they were first. */
async function findDisputedFields(
  tx: GraphTransaction,
  { schemas, stored }: { schemas: ReadonlyMap<string, SchemaFact>; stored: ReadonlyMap<string, Span> },
): Promise<Map<string, string>> {
  const disputed = [...schemas].filter(([key, { first }]) => first <= (stored.get(key)?.first ?? ''))
  const keys = disputed.map(([key]) => key)
  const rows = await runRows(tx, findFieldsOfSchemasStatement, keys)
  return new Map(rows.map((row) => [asText(row['key']) ?? '', asText(row['fields']) ?? '']))
}

async function writeLineages(
  tx: GraphTransaction,
  { lineages }: Facts,
  { mentions, told }: { mentions: FieldMentions; told: ToldFields },
): Promise<void> {
  const keys = [...lineages.keys()]
  const stored = new Map(
    (await runRows(tx, findLineagesStatement, keys)).map((row) => [asText(row['key']), row]),
  )
  const rows = []
  for (const [key, said] of [...lineages].toSorted(byKey)) {
    const present = stored.get(key)
    const before = present === undefined ? undefined : toSpan(present)
    const saidSpan = { first: said.first, last: toHour(said.last) }
    if (before !== undefined && isCovered(saidSpan, before)) continue
    const content =
      before === undefined ? { ...toNames(said.target), content: toCanonicalJson(said.content) } : {}
    rows.push({ key, properties: { ...content, ...toTimes(joinSpans(saidSpan, before)) } })
    for (const [dataset, paths] of fieldsIn(said)) {
      if (isTold(told, dataset, { ...saidSpan, paths })) continue
      addMention(mentions, dataset, { ...saidSpan, paths, schema: undefined, before })
    }
  }
  await runRows(tx, writeLineagesStatement, rows)
}

/** By content, since the same lineages come with every run. */
const fieldsByContent = new WeakMap<LineageContent, Map<EntityKey, Paths>>()

function fieldsIn({ target, content }: LineageFact): Map<EntityKey, Paths> {
  const known = fieldsByContent.get(content)
  if (known !== undefined) return known
  const named = isExplicit(content) ? fieldsNamedIn(content) : namedFields(target, content)
  const fields = new Map(
    [...named].map(([dataset, paths]) => [dataset, new Set([...paths].filter(isIndexablePath))]),
  )
  fieldsByContent.set(content, fields)
  return fields
}
