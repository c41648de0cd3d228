import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asText } from '../../graph/values.ts'
import type { Reader } from '../../http/access.ts'
import { Problem } from '../../http/problem.ts'
import { readNodeId, toNodeId, type NodeName } from '../node-id.ts'

/** Something that the graph has. */
export interface FoundNode {
  /** Neo4j's own, within one transaction. */
  element: string
  name: NodeName
  /** The id in our API. */
  id: string
}

const findDatasetsStatement = cypher`
  UNWIND $names AS name
  MATCH (n:Dataset {namespace: name.namespace, name: name.name})
  RETURN name.place AS place, elementId(n) AS element, n.namespace AS namespace
`

const findJobsStatement = cypher`
  UNWIND $names AS name
  MATCH (n:Job {namespace: name.namespace, name: name.name})
  RETURN name.place AS place, elementId(n) AS element, n.namespace AS namespace
`

const findFieldsStatement = cypher`
  UNWIND $names AS name
  MATCH (n:Field {namespace: name.namespace, dataset: name.name, name: name.field})
  RETURN name.place AS place, elementId(n) AS element, n.namespace AS namespace
`

const findRunsStatement = cypher`
  UNWIND $names AS name
  MATCH (n:Run {runId: name.runId})
  OPTIONAL MATCH (n)-[:RUN_OF]->(j:Job)
  RETURN name.place AS place, elementId(n) AS element, j.namespace AS namespace
`

const statements = {
  dataset: findDatasetsStatement,
  job: findJobsStatement,
  field: findFieldsStatement,
  run: findRunsStatement,
}

/**
 * The things that ids stand for, in their order, each once. Where an id can be understood in several ways, the first that there is.
 * @throws {Problem} `request-invalid` for what is no id, `node-unknown` for what the graph does not have or the reader may not see
 */
export async function findNodes(
  tx: GraphTransaction,
  { ids, reader }: { ids: readonly string[]; reader: Reader },
): Promise<FoundNode[]> {
  const meanings = ids.map((id) => ({ id, names: readMeanings(id) }))
  const candidates = meanings.flatMap(({ names }) => names)
  const elements = await findElements(tx, { names: candidates, reader })
  const found = meanings.map(({ id, names }) => {
    const name = names.find((one) => elements.has(one))
    const element = name === undefined ? undefined : elements.get(name)
    if (name !== undefined && element !== undefined) return { element, name, id: toNodeId(name) }
    throw new Problem('node-unknown', { detail: `There is no ${id} in the graph. Names are case-sensitive.` })
  })
  return [...new Map(found.map((node) => [node.element, node])).values()]
}

function readMeanings(id: string): NodeName[] {
  const names = readNodeId(id)
  if (names.length > 0) return names
  throw new Problem('request-invalid', {
    detail: `${JSON.stringify(id)} is no id. Ids are dataset:<namespace>:<name>, job:<namespace>:<name>, field:<namespace>:<dataset>:<field> and run:<runId>, with %3A for each colon within a part.`,
  })
}

async function findElements(
  tx: GraphTransaction,
  { names, reader }: { names: readonly NodeName[]; reader: Reader },
): Promise<Map<NodeName, string>> {
  const elements = new Map<NodeName, string>()
  const note = (row: Row) => {
    const [name, element] = [names[Number(row['place'])], asText(row['element'])]
    const namespace = asText(row['namespace'])
    const isSeen = reader.namespaces === undefined || (namespace !== undefined && reader.sees(namespace))
    if (name !== undefined && element !== undefined && isSeen) elements.set(name, element)
  }
  for (const kind of ['dataset', 'job', 'field', 'run'] as const) {
    const ofKind = names.flatMap((name, place) => (name.kind === kind ? [{ ...name, place }] : []))
    if (ofKind.length > 0) (await tx.run(statements[kind], { names: ofKind })).forEach(note)
  }
  return elements
}
