import { createHash } from 'node:crypto'
import neo4j, { type Driver } from 'neo4j-driver'
import { toNodeLine, toRelationshipLine } from './graph-dump.ts'

/** For each label and each type of relationship: how many there are, and a sum over the hashes of all their lines. */
export type GraphDigest = Record<string, { count: number; digest: string }>

const sumBits = 128n
const readBlock = 2000

/**
 * The dump of a graph that is too large to be held: two graphs have the same digest if and only if they have the same lines, but for
 * a chance of one in 2^128. Payloads are left out where they would be read once for each relationship.
 */
export async function digestGraph(driver: Driver): Promise<GraphDigest> {
  const sums = new Map<string, { count: number; sum: bigint }>()
  const add = (kind: string, line: string) => {
    const hash = createHash('sha256').update(line).digest('hex')
    const found = sums.get(kind) ?? { count: 0, sum: 0n }
    const sum = BigInt.asUintN(Number(sumBits), found.sum + BigInt(`0x${hash.slice(0, 32)}`))
    sums.set(kind, { count: found.count + 1, sum })
  }
  await stream(
    driver,
    'MATCH (n) WHERE NOT n:Migration AND NOT n:Queue RETURN labels(n) AS labels, properties(n) AS properties',
    (row) => add(String(row['labels']), toNodeLine(row)),
  )
  await stream(
    driver,
    `MATCH (a)-[r]->(b)
     RETURN labels(a) AS fromLabels, a {.id, .runId, .key, .value, .namespace, .dataset, .name} AS from, type(r) AS type,
       properties(r) AS properties, labels(b) AS toLabels, b {.id, .runId, .key, .value, .namespace, .dataset, .name} AS to`,
    (row) => add(`-${String(row['type'])}->`, toRelationshipLine(row)),
  )
  const entries = [...sums].map(
    ([kind, { count, sum }]) => [kind, { count, digest: sum.toString(16) }] as const,
  )
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

async function stream(
  driver: Driver,
  statement: string,
  take: (row: Record<string, unknown>) => void,
): Promise<void> {
  const session = driver.session({ fetchSize: readBlock, defaultAccessMode: neo4j.session.READ })
  try {
    for await (const record of session.run(statement)) take(record.toObject())
  } finally {
    await session.close()
  }
}

/** A driver for the Neo4j of the tests, which reads numbers as the product does. */
export function connectTestDriver(env: NodeJS.ProcessEnv = process.env): Driver {
  const { NEO4J_URI = '', NEO4J_USER = 'neo4j', NEO4J_PASSWORD = '' } = env
  return neo4j.driver(NEO4J_URI, neo4j.auth.basic(NEO4J_USER, NEO4J_PASSWORD), {
    disableLosslessIntegers: true,
  })
}
