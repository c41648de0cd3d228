import type { Graph, Row } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { patiently } from '../graph/patiently.ts'
import { asText, toInteger } from '../graph/values.ts'
import type { EntityKey } from '../openlineage/keys.ts'
import { rowKey } from './row-key.ts'

/** What has names that rules link. */
export const namedLabels = ['Dataset', 'Job'] as const
export type NamedLabel = (typeof namedLabels)[number]

/** A name that some event has used; a name that only a link leads to is not listed. */
export interface ListedName {
  key: EntityKey
  /** The key of the rules under which its links were made. */
  rulesKey: string | undefined
}

/** Names read in one transaction. */
const PAGE_NAMES = 1000

const listNamespacesStatement = cypher`
  MATCH (n:Namespace)
  USING INDEX SEEK n:Namespace(name)
  WHERE n.name > $after
  WITH n.name AS name ORDER BY name LIMIT $limit
  RETURN name
`

const listStatements = {
  Dataset: cypher`
    MATCH (d:Dataset {namespace: $namespace})
    USING INDEX SEEK d:Dataset(namespace, name)
    WHERE d.name > $after
    WITH d ORDER BY d.name LIMIT $limit
    RETURN d.namespace AS namespace, d.name AS name, d.rulesKey AS rulesKey, d.firstSeenAt IS NOT NULL AS isNamed
  `,
  Job: cypher`
    MATCH (j:Job {namespace: $namespace})
    USING INDEX SEEK j:Job(namespace, name)
    WHERE j.name > $after
    WITH j ORDER BY j.name LIMIT $limit
    RETURN j.namespace AS namespace, j.name AS name, j.rulesKey AS rulesKey, j.firstSeenAt IS NOT NULL AS isNamed
  `,
}

const countStatements = {
  Dataset: cypher`MATCH (d:Dataset) RETURN count(d) AS count`,
  Job: cypher`MATCH (j:Job) RETURN count(j) AS count`,
}

/**
 * All names of datasets or jobs, page by page in their order. Names that come meanwhile may be listed or not: they are linked under
 * the rules in force when they come.
 */
export async function* listNames(graph: Graph, label: NamedLabel): AsyncGenerator<ListedName[]> {
  for await (const namespace of listNamespaces(graph)) {
    let after = ''
    for (;;) {
      const page = { namespace, after, limit: toInteger(PAGE_NAMES) }
      const rows = await patiently(() => graph.inRead((tx) => tx.run(listStatements[label], page)))
      yield rows.filter((row) => row['isNamed'] === true).map(toListedName)
      if (rows.length < PAGE_NAMES) break
      after = String(rows.at(-1)?.['name'])
    }
  }
}

/** How many there are, names that only links lead to included. Neo4j keeps these counts. */
export async function countNames(graph: Graph): Promise<number> {
  const counts = await patiently(() =>
    graph.inRead((tx) => Promise.all(namedLabels.map((label) => tx.run(countStatements[label])))),
  )
  return counts.reduce((sum, [row]) => sum + Number(row?.['count'] ?? 0), 0)
}

async function* listNamespaces(graph: Graph): AsyncGenerator<string> {
  let after = ''
  for (;;) {
    const page = { after, limit: toInteger(PAGE_NAMES) }
    const rows = await patiently(() => graph.inRead((tx) => tx.run(listNamespacesStatement, page)))
    for (const { name } of rows) yield String(name)
    if (rows.length < PAGE_NAMES) return
    after = String(rows.at(-1)?.['name'])
  }
}

function toListedName(row: Row): ListedName {
  return { key: rowKey(row), rulesKey: asText(row['rulesKey']) }
}
