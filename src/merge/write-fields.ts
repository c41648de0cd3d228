import type { GraphTransaction, Row } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { asText, fromDateTimeText } from '../graph/values.ts'
import { byKey } from '../openlineage/canonical-json.ts'
import { fromEntityKey, toEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import { groupBy } from '../project/group-by.ts'
import { toFieldAttributes, type FieldAttributes } from '../project/schema-version.ts'
import type { DatasetNodeChange } from './dataset-changes.ts'
import { joinSightings, type FieldMention, type FieldSighting, type LastSeen } from './field-sightings.ts'
import { isEmpty, toChangedProperties, toStoredProperties, type Properties } from './properties.ts'
import { rowKey } from './row-key.ts'
import { runRows } from './run-rows.ts'
import type { SeenFields } from './sightings.ts'
import { touchFields } from './touch-fields.ts'

/** A list a dataset, its times as texts: fields are most of what a merge reads, and a row with objects for each took the driver ten times as long. */
const findFieldsStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})-[:HAS_FIELD]->(f:Field)
  USING INDEX SEEK d:Dataset(namespace, name)
  RETURN row.namespace AS namespace, row.name AS name,
    collect([f.name, toString(f.firstSeenAt), toString(f.lastSeenAt), toString(f.removedAt), f.type, f.description, f.ordinal,
      f.sightedIn]) AS fields
`

const findSchemaFieldsStatement = cypher`
  UNWIND $rows AS key
  MATCH (s:SchemaVersion {key: key})
  USING INDEX SEEK s:SchemaVersion(key)
  RETURN s.key AS key, s.fields AS fields, toString(s.lastSeenAt) AS last
`

const createFieldsStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.dataset})
  USING INDEX SEEK d:Dataset(namespace, name)
  UNWIND row.fields AS field
  MERGE (f:Field {namespace: row.namespace, dataset: row.dataset, name: field.name})
  SET f += field.properties
  MERGE (d)-[:HAS_FIELD]->(f)
`

/** The fields of a dataset that change alike go together: with every new hour nearly all of them do. */
const updateFieldsStatement = cypher`
  UNWIND $rows AS row
  UNWIND row.names AS name
  MATCH (f:Field {namespace: row.namespace, dataset: row.dataset, name: name})
  USING INDEX SEEK f:Field(namespace, dataset, name)
  SET f += row.properties
`

/** A field that was not there before. */
export interface CreatedField {
  dataset: EntityKey
  name: string
}

interface StoredField extends FieldSighting {
  name: string
  shown: Record<string, unknown>
}

/**
 * Writes the fields of the datasets whose fields were seen, or whose current schema is another now. The datasets are locked, and
 * nobody writes a field without its dataset's lock. What a field shows is a pure function of its sightings and of the current
 * schema: a field that the current schema lacks is removed since its last sighting, and keeps what was last said of it.
 * @returns the fields that are new
 */
export async function writeFields(
  tx: GraphTransaction,
  { seen, datasets }: { seen: SeenFields; datasets: readonly DatasetNodeChange[] },
): Promise<CreatedField[]> {
  const dirty = datasets.filter(
    ({ dataset, schemaBefore, schemaAfter }) => seen.mentions.has(dataset) || schemaBefore !== schemaAfter,
  )
  const others = await touchFields(tx, { seen, datasets: dirty })
  if (others.length === 0) return []
  const known = others.filter(({ isNew }) => !isNew).map(({ dataset }) => fromEntityKey(dataset))
  const stored = toStoredFields(await runRows(tx, findFieldsStatement, known))
  const schemas = await findSchemas(tx, { datasets: others, stored, seen })
  const lastSeen: LastSeen = (schema) => schemas.get(schema)?.last ?? ''
  const rows = others.flatMap(({ dataset, schemaAfter }) =>
    joinFields(stored.get(dataset), seen.mentions.get(dataset), lastSeen).flatMap((field) =>
      toRow(field, { dataset, current: schemas.get(schemaAfter ?? '')?.fields, schemas }),
    ),
  )
  const created = rows.filter(({ isNew }) => isNew)
  await runRows(tx, createFieldsStatement, toCreations(created))
  await runRows(tx, updateFieldsStatement, toUpdates(rows.filter(({ isNew }) => !isNew)))
  return created.map(({ namespace, dataset, name }) => ({
    dataset: toEntityKey({ namespace, name: dataset }),
    name,
  }))
}

interface JoinedField {
  name: string
  stored: StoredField | undefined
  sighting: FieldSighting
}

function joinFields(
  stored: ReadonlyMap<string, StoredField> = new Map(),
  mentions: readonly FieldMention[] = [],
  lastSeen: LastSeen,
): JoinedField[] {
  const sightings = new Map<string, FieldSighting>(stored)
  for (const { paths, first, last, schema: sightedIn } of mentions) {
    for (const path of paths.keys()) {
      const before = sightings.get(path)
      const said = { first, last, sightedIn }
      sightings.set(path, before === undefined ? said : joinSightings(before, said, lastSeen))
    }
  }
  return [...sightings]
    .toSorted(byKey)
    .map(([name, sighting]) => ({ name, stored: stored.get(name), sighting }))
}

/** What a SchemaVersion says of its fields, and when it was last seen. */
interface KnownSchema {
  fields: ReadonlyMap<string, FieldAttributes>
  last: Instant
}
type Schemas = ReadonlyMap<string, KnownSchema>

function toRow(
  { name, stored, sighting }: JoinedField,
  {
    dataset,
    current,
    schemas,
  }: {
    dataset: EntityKey
    current: ReadonlyMap<string, FieldAttributes> | undefined
    schemas: Schemas
  },
) {
  const isRemoved = current !== undefined && !current.has(name)
  const attributes = current?.get(name) ?? schemas.get(sighting.sightedIn ?? '')?.fields.get(name)
  const shown = {
    type: attributes?.type ?? undefined,
    description: attributes?.description ?? undefined,
    ordinal: attributes?.ordinal,
    firstSeenAt: sighting.first,
    lastSeenAt: sighting.last,
    removedAt: isRemoved ? sighting.last : undefined,
    sightedIn: sighting.sightedIn,
  }
  const properties: Properties = toChangedProperties(stored?.shown ?? {}, shown)
  if (isEmpty(properties)) return []
  const { namespace, name: datasetName } = fromEntityKey(dataset)
  return [{ isNew: stored === undefined, namespace, dataset: datasetName, name, properties }]
}

type FieldRow = ReturnType<typeof toRow>[number]

function toCreations(rows: readonly FieldRow[]) {
  const byDataset = groupBy(rows, ({ namespace, dataset }) => JSON.stringify([namespace, dataset]))
  return [...byDataset.values()].flatMap((fields) =>
    fields.slice(0, 1).map(({ namespace, dataset }) => ({
      namespace,
      dataset,
      fields: fields.map(({ name, properties }) => ({ name, properties: toStoredProperties(properties) })),
    })),
  )
}

function toUpdates(rows: readonly FieldRow[]) {
  const alike = groupBy(rows, ({ namespace, dataset, properties }) =>
    JSON.stringify([namespace, dataset, properties]),
  )
  return [...alike.values()].flatMap((fields) =>
    fields.slice(0, 1).map(({ namespace, dataset, properties }) => ({
      namespace,
      dataset,
      names: fields.map(({ name }) => name),
      properties: toStoredProperties(properties),
    })),
  )
}

/** The schemas that these datasets have, and those in which their fields were sighted, before and now: what the batch does not state is looked up. */
async function findSchemas(
  tx: GraphTransaction,
  {
    datasets,
    stored,
    seen,
  }: {
    datasets: readonly DatasetNodeChange[]
    stored: ReadonlyMap<EntityKey, ReadonlyMap<string, StoredField>>
    seen: SeenFields
  },
): Promise<Schemas> {
  const sightedIn = [...stored.values()].flatMap((fields) =>
    [...fields.values()].map((field) => field.sightedIn),
  )
  const mentioned = datasets.flatMap(({ dataset }) =>
    (seen.mentions.get(dataset) ?? []).map(({ schema }) => schema),
  )
  const wanted = new Set([...datasets.map(({ schemaAfter }) => schemaAfter), ...sightedIn, ...mentioned])
  const stated = [...seen.schemas].filter(([key]) => wanted.has(key))
  const missing = [...wanted].filter((key) => key !== undefined && !seen.schemas.has(key))
  const rows = await runRows(tx, findSchemaFieldsStatement, missing)
  const found = rows.map((row) => {
    const schema = { fields: asText(row['fields']) ?? '[]', last: fromDateTimeText(row['last']) ?? '' }
    return [asText(row['key']) ?? '', schema] as const
  })
  return new Map(
    [...stated, ...found].map(([key, { fields, last }]) => [
      key,
      { fields: toFieldAttributes(fields), last },
    ]),
  )
}

function toStoredFields(rows: Row[]): Map<EntityKey, Map<string, StoredField>> {
  return new Map(
    rows.map((row) => {
      const lists: unknown[] = Array.isArray(row['fields']) ? row['fields'] : []
      const fields = lists.filter(Array.isArray).map(toStoredField)
      return [rowKey(row), new Map(fields.map((field) => [field.name, field]))]
    }),
  )
}

function toStoredField(list: readonly unknown[]): StoredField {
  const [name, ...times] = list.slice(0, 4)
  const [type, description, ordinal, schema] = list.slice(4)
  const [first, last, removedAt] = times.map(fromDateTimeText)
  const sightedIn = asText(schema)
  const shown = {
    type: asText(type),
    description: asText(description),
    ordinal: ordinal ?? undefined,
    firstSeenAt: first,
    lastSeenAt: last,
    removedAt,
    sightedIn,
  }
  return { name: asText(name) ?? '', first: first ?? '', last: last ?? '', sightedIn, shown }
}
