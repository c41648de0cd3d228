import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { toInfixQuery, toLuceneQuery } from './search-words.ts'

/** What each index brings for one question; ranked again afterwards, so that the best are among them. */
const candidatesMax = { names: 100, descriptions: 30, columns: 50, beginnings: 20 }
const ownedMax = 50
/** Matches that are looked through for a reader who sees some namespaces only: what others have comes before what is seen. */
const lookedAtMax = 10_000
/** With fewer candidates words are looked for within others too. */
const enoughCandidates = 10

const byNameStatement = cypher`
  CALL db.index.fulltext.queryNodes('search_names', $query, {limit: toInteger($looked)}) YIELD node, score
  WHERE $namespaces IS NULL OR node.namespace IS NULL OR node.namespace IN $namespaces
  WITH node LIMIT toInteger($max)
  RETURN labels(node)[0] AS label, node.namespace AS namespace, node.name AS name, node.displayName AS displayName,
    node.description AS description, node.key AS key, node.value AS value
`
const byDescriptionStatement = cypher`
  CALL db.index.fulltext.queryNodes('search_descriptions', $query, {limit: toInteger($looked)}) YIELD node, score
  WHERE $namespaces IS NULL OR node.namespace IN $namespaces
  WITH node LIMIT toInteger($max)
  RETURN labels(node)[0] AS label, node.namespace AS namespace, node.name AS name, node.description AS description
`
const byColumnStatement = cypher`
  CALL db.index.fulltext.queryNodes('search_columns', $query, {limit: toInteger($looked)}) YIELD node, score
  WHERE $namespaces IS NULL OR node.namespace IN $namespaces
  WITH node LIMIT toInteger($max)
  MATCH (d:Dataset {namespace: node.namespace, name: node.dataset})
  RETURN 'Dataset' AS label, d.namespace AS namespace, d.name AS name, d.description AS description,
    node.name AS column, node.description AS columnDescription
`
/** Words without letters are in no index: what begins as it was asked. */
const byBeginningStatement = cypher`
  CALL () {
    MATCH (d:Dataset) WHERE d.name STARTS WITH $asked AND ($namespaces IS NULL OR d.namespace IN $namespaces)
    RETURN d AS node LIMIT toInteger($max)
    UNION
    MATCH (j:Job) WHERE j.name STARTS WITH $asked AND ($namespaces IS NULL OR j.namespace IN $namespaces)
    RETURN j AS node LIMIT toInteger($max)
  }
  RETURN labels(node)[0] AS label, node.namespace AS namespace, node.name AS name, node.displayName AS displayName,
    node.description AS description
`
const ownedStatement = cypher`
  UNWIND $owners AS owner
  MATCH (:Owner {name: owner})-[:OWNS]->(node)
  WHERE $namespaces IS NULL OR node.namespace IN $namespaces
  RETURN DISTINCT labels(node)[0] AS label, node.namespace AS namespace, node.name AS name, node.description AS description,
    owner
  LIMIT toInteger($max)
`
const taggedStatement = cypher`
  UNWIND $tags AS tag
  MATCH (:Tag {key: tag[0], value: tag[1]})<-[:TAGGED]-(node:Dataset|Job)
  WHERE $namespaces IS NULL OR node.namespace IN $namespaces
  RETURN DISTINCT labels(node)[0] AS label, node.namespace AS namespace, node.name AS name, node.description AS description,
    tag[0] AS tagKey, tag[1] AS tagValue
  LIMIT toInteger($max)
`

/** The statements, for a test that looks at their plans. */
export const searchStatements = {
  byNameStatement,
  byDescriptionStatement,
  byColumnStatement,
  byBeginningStatement,
  ownedStatement,
  taggedStatement,
}

/** Everything that a question may mean, unranked; a thing may come several times, each time with what of it was found. */
export async function findCandidates(
  tx: GraphTransaction,
  { asked, namespaces }: { asked: string; namespaces: readonly string[] | null },
): Promise<Row[]> {
  const query = toLuceneQuery(asked)
  const beginning = tx.run(byBeginningStatement, {
    asked: asked.trim(),
    namespaces,
    max: candidatesMax.beginnings,
  })
  if (query === '') return await beginning
  const found = await findAll(tx, { query, namespaces })
  const infix = toInfixQuery(asked)
  const further =
    found.length >= enoughCandidates || infix === '' ? [] : await findAll(tx, { query: infix, namespaces })
  const rows = [...(await beginning), ...found, ...further]
  return [...rows, ...(await findTheirs(tx, rows, namespaces))]
}

async function findAll(
  tx: GraphTransaction,
  { query, namespaces }: { query: string; namespaces: readonly string[] | null },
): Promise<Row[]> {
  const toParameters = (max: number) => ({
    query,
    namespaces,
    max,
    looked: namespaces === null ? max : lookedAtMax,
  })
  const found = [
    tx.run(byNameStatement, toParameters(candidatesMax.names)),
    tx.run(byDescriptionStatement, toParameters(candidatesMax.descriptions)),
    tx.run(byColumnStatement, toParameters(candidatesMax.columns)),
  ]
  return (await Promise.all(found)).flat()
}

/** What the owners own and the tags are on that were found. */
async function findTheirs(
  tx: GraphTransaction,
  rows: readonly Row[],
  namespaces: readonly string[] | null,
): Promise<Row[]> {
  const owners = rows.flatMap(({ label, name }) => (label === 'Owner' ? [name] : []))
  const tags = rows.flatMap(({ label, key, value }) => (label === 'Tag' ? [[key, value]] : []))
  const [owned, tagged] = await Promise.all([
    owners.length === 0 ? [] : tx.run(ownedStatement, { owners, namespaces, max: ownedMax }),
    tags.length === 0 ? [] : tx.run(taggedStatement, { tags, namespaces, max: ownedMax }),
  ])
  return [...owned, ...tagged]
}
