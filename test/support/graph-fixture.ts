import { readFile, writeFile } from 'node:fs/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import neo4j, { type Driver } from 'neo4j-driver'
import { fromDateTime, toDateTime } from '../../src/graph/values.ts'

/** A whole graph as some version of Headwater has left it, with its constraints and indexes. */
export interface GraphFixture {
  /** Statements that make its constraints and indexes. */
  schema: string[]
  nodes: { labels: string[]; properties: Record<string, Packed> }[]
  /** Ends are positions among the nodes. */
  relationships: { from: number; to: number; type: string; properties: Record<string, Packed> }[]
}

/** A property's value in JSON that loses nothing of its type; a number alone is a float. */
type Packed =
  null | boolean | number | string | Packed[] | { $int: string } | { $time: string } | { $bytes: string }

const rowsOfStatement = 500

const schemaQuery = `
  SHOW CONSTRAINTS YIELD createStatement AS statement RETURN statement
  UNION ALL
  SHOW INDEXES YIELD type, owningConstraint, createStatement AS statement
  WHERE owningConstraint IS NULL AND type <> 'LOOKUP' RETURN statement
`

/** Reads the graph. The driver has to give integers as its own, or they cannot be told from floats. */
export async function readGraph(driver: Driver): Promise<GraphFixture> {
  const nodes = await ask(
    driver,
    'MATCH (n) RETURN elementId(n) AS id, labels(n) AS labels, properties(n) AS properties',
  )
  const positions = new Map(nodes.map(({ id }, position) => [id, position]))
  const relationships = await ask(
    driver,
    'MATCH (a)-[r]->(b) RETURN elementId(a) AS from, elementId(b) AS to, type(r) AS type, properties(r) AS properties',
  )
  const at = (id: unknown) => positions.get(id) ?? -1
  return {
    schema: await readSchema(driver),
    nodes: nodes.map(({ labels, properties }) => ({
      labels: labels as string[],
      properties: packAll(properties),
    })),
    relationships: relationships.map(({ from, to, type, properties }) => ({
      from: at(from),
      to: at(to),
      type: String(type),
      properties: packAll(properties),
    })),
  }
}

async function readSchema(driver: Driver): Promise<string[]> {
  const [constraints, indexes] = schemaQuery.split('UNION ALL')
  const rows = [...(await ask(driver, constraints ?? '')), ...(await ask(driver, indexes ?? ''))]
  return rows.map(({ statement }) => String(statement)).toSorted()
}

/** Makes of an empty Neo4j, or one with nothing but our schema in it, what the fixture says: nothing else is in it then. */
export async function putGraph(
  driver: Driver,
  { schema, nodes, relationships }: GraphFixture,
): Promise<void> {
  await ask(driver, 'MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS')
  await dropSchema(driver)
  for (const statement of schema) await ask(driver, statement)
  await ask(driver, 'CALL db.awaitIndexes(300)')
  const ids: unknown[] = []
  for (const rows of toSlices(nodes)) {
    const statement =
      'UNWIND $rows AS row CREATE (n:$(row.labels)) SET n = row.properties RETURN elementId(n) AS id'
    ids.push(...(await ask(driver, statement, { rows: rows.map(unpackProperties) })).map(({ id }) => id))
  }
  for (const rows of toSlices(relationships)) {
    const statement = `
      UNWIND $rows AS row MATCH (a), (b) WHERE elementId(a) = row.fromId AND elementId(b) = row.toId
      CREATE (a)-[r:$(row.type)]->(b) SET r = row.properties`
    const ends = rows.map((row) => ({ ...unpackProperties(row), fromId: ids[row.from], toId: ids[row.to] }))
    await ask(driver, statement, { rows: ends })
  }
}

async function dropSchema(driver: Driver): Promise<void> {
  const constraints = await ask(driver, 'SHOW CONSTRAINTS YIELD name RETURN name')
  for (const { name } of constraints) await ask(driver, `DROP CONSTRAINT \`${String(name)}\` IF EXISTS`)
  const indexes = await ask(driver, "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name")
  for (const { name } of indexes) await ask(driver, `DROP INDEX \`${String(name)}\` IF EXISTS`)
}

/** The graph that a version of migration 9 has left. */
export const oldGraphUrl = new URL('../fixtures/graphs/migration-9.json.gz', import.meta.url)

/** What the nodes of that graph have as this property, where it is a text. */
export async function readOldTexts(property: string): Promise<string[]> {
  const { nodes } = await readFixture(oldGraphUrl)
  return nodes.map(({ properties }) => properties[property]).filter((text) => typeof text === 'string')
}

export async function readFixture(url: URL): Promise<GraphFixture> {
  return JSON.parse(gunzipSync(await readFile(url)).toString()) as GraphFixture
}

export async function writeFixture(path: string, fixture: GraphFixture): Promise<void> {
  await writeFile(path, gzipSync(JSON.stringify(fixture), { level: 9 }))
}

function toSlices<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / rowsOfStatement)
  return Array.from({ length: count }, (_, index) =>
    rows.slice(index * rowsOfStatement, (index + 1) * rowsOfStatement),
  )
}

async function ask(
  driver: Driver,
  statement: string,
  parameters: Record<string, unknown> = {},
): Promise<Record<string, unknown>[]> {
  const session = driver.session()
  try {
    const { records } = await session.run(statement, parameters)
    return records.map((record) => record.toObject())
  } finally {
    await session.close()
  }
}

function packAll(properties: unknown): Record<string, Packed> {
  return Object.fromEntries(Object.entries(properties ?? {}).map(([key, value]) => [key, pack(value)]))
}

function pack(value: unknown): Packed {
  if (Array.isArray(value)) return value.map(pack)
  if (neo4j.isInt(value)) return { $int: value.toString() }
  const time = fromDateTime(value)
  if (time !== undefined) return { $time: time }
  if (value instanceof Int8Array) return { $bytes: Buffer.from(value.buffer).toString('base64') }
  if (value === null || ['boolean', 'number', 'string'].includes(typeof value)) return value as Packed
  throw new TypeError(`A property of a type that no fixture has: ${JSON.stringify(value)}`)
}

function unpackProperties<T extends { properties: Record<string, Packed> }>(row: T) {
  const entries = Object.entries(row.properties).map(([key, value]) => [key, unpack(value)] as const)
  return { ...row, properties: Object.fromEntries(entries) }
}

function unpack(value: Packed): unknown {
  if (Array.isArray(value)) return value.map(unpack)
  if (typeof value !== 'object' || value === null) return value
  if ('$int' in value) return neo4j.int(value.$int)
  if ('$bytes' in value) return new Int8Array(Buffer.from(value.$bytes, 'base64'))
  return toDateTime(value.$time)
}
