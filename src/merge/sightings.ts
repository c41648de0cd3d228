import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { asText } from '../graph/values.ts'
import { byKey, toCanonicalJson } from '../openlineage/canonical-json.ts'
import type { EntityKey } from '../openlineage/keys.ts'
import { toHour } from '../openlineage/time.ts'
import { namedFields } from '../project/column-lineage.ts'
import { fieldsNamedIn } from '../project/explicit-lineage.ts'
import type { Facts, LineageFact } from '../project/facts.ts'
import { isIndexablePath, toColumnList, toFieldAttributes } from '../project/schema-version.ts'
import { isExplicit } from '../project/structure.ts'
import {
  addSighting,
  isCovered,
  joinSpans,
  toNames,
  toSpan,
  toTimes,
  type FieldSightings,
} from './field-sightings.ts'
import { writeFieldMentions } from './field-mentions.ts'
import { runRows } from './run-rows.ts'

const findSchemasStatement = cypher`
  UNWIND $rows AS key
  MATCH (s:SchemaVersion {key: key})
  USING INDEX SEEK s:SchemaVersion(key)
  RETURN s.key AS key, s.firstSeenAt AS first, s.lastSeenAt AS last, s.fields AS fields
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
  RETURN c.key AS key, c.firstSeenAt AS first, c.lastSeenAt AS last
`

const writeLineagesStatement = cypher`
  UNWIND $rows AS row
  MERGE (c:ColumnLineage {key: row.key})
  SET c += row.properties
`

/** What a batch has seen of fields. */
export interface SeenFields {
  sightings: FieldSightings
  /** The fields of each SchemaVersion that the batch states, as they stand in the graph now, by its key. */
  schemas: ReadonlyMap<string, string>
}

/**
 * Writes the schemas, lineages and other mentions of fields that the batch states, each content once, and tells which fields were
 * thereby seen at a time that they do not know of yet. A content whose span covers the sighting has told its fields already: nothing is left to do,
 * which is what makes a known structure cheap.
 */
export async function writeSightings(tx: GraphTransaction, facts: Facts): Promise<SeenFields> {
  const sightings: FieldSightings = new Map()
  const schemas = await writeSchemas(tx, facts, sightings)
  await writeLineages(tx, facts, sightings)
  await writeFieldMentions(tx, facts.named, sightings)
  return { sightings, schemas }
}

/** @returns the fields of each, under the lock of its dataset */
async function writeSchemas(
  tx: GraphTransaction,
  { schemas }: Facts,
  sightings: FieldSightings,
): Promise<Map<string, string>> {
  const standing = new Map<string, string>()
  const stored = new Map(
    (await runRows(tx, findSchemasStatement, [...schemas.keys()])).map((row) => [asText(row['key']), row]),
  )
  const rows = []
  for (const [key, said] of [...schemas].toSorted(byKey)) {
    const present = stored.get(key)
    const before =
      present === undefined ? undefined : { ...toSpan(present), fields: asText(present['fields']) ?? '' }
    const saidSpan = { first: said.first, last: toHour(said.last) }
    const isEarlier =
      before === undefined ||
      said.first < before.first ||
      (said.first === before.first && said.fields < before.fields)
    const fields = isEarlier ? said.fields : before.fields
    standing.set(key, fields)
    if (!isEarlier && isCovered(saidSpan, before)) continue
    const span = joinSpans(saidSpan, before)
    // What stands there already is not sent again: with every new hour all schemas that are in use come here.
    const shown = fields === before?.fields ? {} : { fields, columns: toColumnList(fields) }
    rows.push({ key, ...toNames(said.dataset), properties: { ...shown, ...toTimes(span) } })
    for (const path of toFieldAttributes(said.fields).keys()) {
      addSighting(
        sightings,
        { dataset: said.dataset, path },
        { ...saidSpan, sightedIn: key, sightedAt: span.last },
      )
    }
  }
  await runRows(tx, writeSchemasStatement, rows)
  return standing
}

async function writeLineages(
  tx: GraphTransaction,
  { lineages }: Facts,
  sightings: FieldSightings,
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
      for (const path of [...paths].filter(isIndexablePath)) {
        addSighting(sightings, { dataset, path }, { ...saidSpan, sightedIn: undefined, sightedAt: undefined })
      }
    }
  }
  await runRows(tx, writeLineagesStatement, rows)
}

function fieldsIn({ target, content }: LineageFact): Map<EntityKey, Set<string>> {
  return isExplicit(content) ? fieldsNamedIn(content) : namedFields(target, content)
}
