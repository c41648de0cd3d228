import { createHash } from 'node:crypto'
import neo4j from 'neo4j-driver'
import type { Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { fromDateTime } from '../../src/graph/values.ts'

/** When the receiver had an event says nothing of the graph's content. */
const ignored = new Set(['receivedAt', 'appliedAt'])

/**
 * Every node and relationship with all its properties, a line each, sorted: two graphs are equal if and only if their dumps are.
 * Nodes are named by their keys, so no id of the database's own is in it. Which queues workers have seen is no content.
 * @param read what a property's value is to be taken for; as it stands by itself
 */
export async function dumpGraph(
  graph: Graph,
  read: (property: string, value: unknown) => unknown = (_property, value) => value,
): Promise<string[]> {
  const [nodes, relationships] = await graph.inRead(async (tx) => [
    await tx.run(
      cypher`MATCH (n) WHERE NOT n:Migration AND NOT n:Queue RETURN labels(n) AS labels, properties(n) AS properties`,
    ),
    await tx.run(cypher`
      MATCH (a)-[r]->(b)
      RETURN labels(a) AS fromLabels, properties(a) AS from, type(r) AS type, properties(r) AS properties,
        labels(b) AS toLabels, properties(b) AS to
    `),
  ])
  const toRead = (row: Record<string, unknown>) => ({ ...row, properties: readEach(row['properties'], read) })
  const lines = [
    ...nodes.map((row) => toNodeLine(toRead(row))),
    ...relationships.map((row) => toRelationshipLine(toRead(row))),
  ]
  return lines.toSorted()
}

/** The line of a node, of a row with its `labels` and `properties`. */
export function toNodeLine(row: Record<string, unknown>): string {
  return `${toName(row['labels'], row['properties'])} ${toText(row['properties'])}`
}

/** The line of a relationship, of a row with its `type` and `properties`, and labels and properties of both its nodes. */
export function toRelationshipLine(row: Record<string, unknown>): string {
  const from = toName(row['fromLabels'], row['from'])
  const to = toName(row['toLabels'], row['to'])
  return `${from} -${String(row['type'])}-> ${to} ${toText(row['properties'])}`
}

/** Empties the graph; constraints, indexes and marks of migrations stay. */
export async function wipeGraph(graph: Graph): Promise<void> {
  await graph.runAlone(
    cypher`MATCH (n) WHERE NOT n:Migration CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS`,
  )
}

function readEach(properties: unknown, read: (property: string, value: unknown) => unknown) {
  return Object.fromEntries(Object.entries(properties ?? {}).map(([key, value]) => [key, read(key, value)]))
}

function toName(labels: unknown, properties: unknown): string {
  const found = new Map(Object.entries(properties ?? {}))
  const parts = ['id', 'runId', 'key', 'value', 'namespace', 'dataset', 'name'].flatMap((key) => {
    const value: unknown = found.get(key)
    return typeof value === 'string' ? [value] : []
  })
  return `(${String(labels)} ${parts.join(' ')})`
}

function toText(properties: unknown): string {
  const members = Object.entries(properties ?? {})
    .filter(([key]) => !ignored.has(key))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${toValue(value)}`)
  return members.join(' ')
}

function toValue(value: unknown): string {
  if (neo4j.isDateTime(value)) return fromDateTime(value) ?? ''
  if (value instanceof Int8Array) return createHash('sha256').update(value).digest('hex').slice(0, 12)
  return JSON.stringify(value)
}
