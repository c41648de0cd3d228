import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { fromEntityKey, toEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { DatasetPair } from './link-changes.ts'
import type { StoredDataset } from './lock-nodes.ts'
import { rowKey } from './row-key.ts'
import { runRows } from './run-rows.ts'
import type { CreatedField } from './write-fields.ts'
import { lockMore } from './write-links.ts'

const joinFieldsStatement = cypher`
  UNWIND $rows AS row
  MATCH (a:Dataset {namespace: row.a.namespace, name: row.a.name})-[:HAS_FIELD]->(f:Field)
  USING INDEX SEEK a:Dataset(namespace, name)
  MATCH (g:Field {namespace: row.b.namespace, dataset: row.b.name, name: f.name})
  USING INDEX SEEK g:Field(namespace, dataset, name)
  MERGE (f)-[:SAME_AS]->(g)
  MERGE (g)-[:SAME_AS]->(f)
`

const partFieldsStatement = cypher`
  UNWIND $rows AS row
  MATCH (a:Dataset {namespace: row.a.namespace, name: row.a.name})-[:HAS_FIELD]->(f:Field)
  USING INDEX SEEK a:Dataset(namespace, name)
  MATCH (g:Field {namespace: row.b.namespace, dataset: row.b.name, name: f.name})
  USING INDEX SEEK g:Field(namespace, dataset, name)
  MATCH (f)-[x:SAME_AS]-(g)
  DELETE x
`

const findAliasesStatement = cypher`
  UNWIND $rows AS row
  MATCH (a:Dataset {namespace: row.namespace, name: row.name})-[x:SAME_AS]->(b:Dataset)
  USING INDEX SEEK a:Dataset(namespace, name)
  WHERE x.source IN ['SYMLINK', 'CATALOG']
  RETURN DISTINCT row.namespace AS namespace, row.name AS name, b.namespace AS otherNamespace, b.name AS otherName
`

const joinCreatedStatement = cypher`
  UNWIND $rows AS row
  MATCH (f:Field {namespace: row.namespace, dataset: row.dataset, name: row.name})
  USING INDEX SEEK f:Field(namespace, dataset, name)
  MATCH (g:Field {namespace: row.other.namespace, dataset: row.other.name, name: row.name})
  USING INDEX SEEK g:Field(namespace, dataset, name)
  MERGE (f)-[:SAME_AS]->(g)
  MERGE (g)-[:SAME_AS]->(f)
`

/**
 * Keeps the fields of one name together in datasets that are the same table: all of those that became it, and those that are new in
 * one that was it already. Written when the batch's fields are, and under the locks of both datasets: else two workers that make the
 * field in one dataset each would not see each other's.
 */
export async function joinFields(
  tx: GraphTransaction,
  {
    created,
    joined,
    parted,
    datasets,
  }: {
    created: readonly CreatedField[]
    joined: readonly DatasetPair[]
    parted: readonly DatasetPair[]
    datasets: Map<EntityKey, StoredDataset>
  },
): Promise<void> {
  await runRows(tx, partFieldsStatement, parted.map(toPairRow))
  await runRows(tx, joinFieldsStatement, joined.map(toPairRow))
  const lonely = created.filter(({ dataset }) => datasets.get(dataset)?.isAliased === true)
  if (lonely.length === 0) return
  const aliases = await findAliases(tx, [...new Set(lonely.map(({ dataset }) => dataset))])
  await lockMore(tx, { datasets, wanted: [...aliases.values()].flat() })
  const rows = lonely.flatMap(({ dataset, name }) => {
    const { namespace, name: datasetName } = fromEntityKey(dataset)
    const others = aliases.get(dataset) ?? []
    return others.map((other) => ({ namespace, dataset: datasetName, name, other: fromEntityKey(other) }))
  })
  await runRows(tx, joinCreatedStatement, rows)
}

/** The datasets are locked, and nobody links one without its lock. */
async function findAliases(
  tx: GraphTransaction,
  datasets: readonly EntityKey[],
): Promise<Map<EntityKey, EntityKey[]>> {
  const rows = await runRows(tx, findAliasesStatement, datasets.toSorted().map(fromEntityKey))
  const aliases = new Map<EntityKey, EntityKey[]>()
  for (const row of rows) {
    const other = toEntityKey({
      namespace: String(row['otherNamespace']),
      name: String(row['otherName']),
    })
    aliases.set(rowKey(row), [...(aliases.get(rowKey(row)) ?? []), other])
  }
  return aliases
}

function toPairRow({ a, b }: DatasetPair) {
  return { a: fromEntityKey(a), b: fromEntityKey(b) }
}
