import type { GraphTransaction } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import type { Reader } from '../../http/access.ts'
import { readNodeId, type NodeName } from '../node-id.ts'
import { unknown } from './things.ts'

const findNamedStatement = cypher`
  UNWIND $names AS name
  OPTIONAL MATCH (d:Dataset {namespace: name.namespace, name: name.name})
  OPTIONAL MATCH (j:Job {namespace: name.namespace, name: name.name})
  OPTIONAL MATCH (f:Field {namespace: name.namespace, dataset: name.name, name: name.field})
  WITH name, CASE name.kind WHEN 'dataset' THEN d WHEN 'job' THEN j ELSE f END AS n
  WHERE n IS NOT NULL AND n.firstSeenAt IS NOT NULL
  RETURN toInteger(name.place) AS place, elementId(n) AS element
  ORDER BY place LIMIT 1
`

/** What a node id of Marquez's stands for, which may have colons in its parts: the first way to read it that there is. */
export async function findNamed(
  tx: GraphTransaction,
  { nodeId, reader }: { nodeId: string; reader: Reader },
): Promise<{ name: Exclude<NodeName, { kind: 'run' }>; element: string }> {
  const names = readNodeId(withoutVersion(nodeId))
    .filter(isNamed)
    .filter(({ namespace }) => reader.sees(namespace))
  const rows = names.map((name, place) => ({ field: '', ...name, place: String(place) }))
  const [found] = rows.length === 0 ? [] : await tx.run(findNamedStatement, { names: rows })
  const name = names[Number(found?.['place'])]
  if (name === undefined) throw unknown(`The node ${JSON.stringify(nodeId)}`)
  return { name, element: String(found?.['element']) }
}

function isNamed(node: NodeName): node is Exclude<NodeName, { kind: 'run' }> {
  return node.kind !== 'run'
}

/** `#` and a UUID at the end name a version. */
function withoutVersion(nodeId: string): string {
  return nodeId.replace(/#[0-9a-f-]{36}$/i, '')
}
