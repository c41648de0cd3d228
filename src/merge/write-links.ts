import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { LinkStatement } from '../project/identity-links.ts'
import { endsOfChanges, toLinkChanges, type DatasetPair, type LinkEdge } from './link-changes.ts'
import { lockDatasets, type StoredDataset } from './lock-nodes.ts'
import { runRows } from './run-rows.ts'

const setStatedLinksStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  SET d.statedLinks = row.statedLinks
`

const writeSameAsStatement = cypher`
  UNWIND $rows AS row
  MATCH (a:Dataset {namespace: row.from.namespace, name: row.from.name})
  USING INDEX SEEK a:Dataset(namespace, name)
  MATCH (b:Dataset {namespace: row.to.namespace, name: row.to.name})
  USING INDEX SEEK b:Dataset(namespace, name)
  MERGE (a)-[x:SAME_AS {key: row.key}]->(b)
  SET x.source = row.source, x.type = row.type
`

const writePartOfStatement = cypher`
  UNWIND $rows AS row
  MATCH (a:Dataset {namespace: row.from.namespace, name: row.from.name})
  USING INDEX SEEK a:Dataset(namespace, name)
  MATCH (b:Dataset {namespace: row.to.namespace, name: row.to.name})
  USING INDEX SEEK b:Dataset(namespace, name)
  MERGE (a)-[x:PART_OF {key: row.key}]->(b)
  SET x.source = row.source
`

const deleteSameAsStatement = cypher`
  UNWIND $rows AS key
  MATCH ()-[x:SAME_AS {key: key}]->()
  USING INDEX SEEK x:SAME_AS(key)
  DELETE x
`

const deletePartOfStatement = cypher`
  UNWIND $rows AS key
  MATCH ()-[x:PART_OF {key: key}]->()
  USING INDEX SEEK x:PART_OF(key)
  DELETE x
`

/**
 * Replaces what datasets state of their identity. Those that state are locked. Nothing is read but what the two ends of a change
 * state: a table of a thousand partitions costs no more for each.
 * @param datasets all that the transaction has locked; those that had to be locked for this are added. What one says in
 *   `statedLinks` is what stood before: state all that a transaction changes in one call.
 * @returns the pairs whose fields have to follow
 */
export async function mergeLinks(
  tx: GraphTransaction,
  { statements, datasets }: { statements: readonly LinkStatement[]; datasets: Map<EntityKey, StoredDataset> },
): Promise<{ joined: DatasetPair[]; parted: DatasetPair[] }> {
  if (statements.length === 0) return { joined: [], parted: [] }
  const storedLinks = (dataset: EntityKey) => datasets.get(dataset)?.statedLinks
  await lockMore(tx, { datasets, wanted: endsOfChanges(statements, storedLinks) })
  const { stated, written, gone, joined, parted } = toLinkChanges(statements, storedLinks)
  await runRows(
    tx,
    setStatedLinksStatement,
    stated.map(({ dataset, statedLinks }) => ({ ...fromEntityKey(dataset), statedLinks })),
  )
  await deleteSameAs(
    tx,
    gone.filter(({ kind }) => kind === 'SAME_AS'),
  )
  await runRows(tx, deletePartOfStatement, keysOf(gone, 'PART_OF'))
  await runRows(tx, writeSameAsStatement, rowsOf(written, 'SAME_AS'))
  await runRows(tx, writePartOfStatement, rowsOf(written, 'PART_OF'))
  return { joined, parted }
}

/**
 * Locks datasets that the prelude could not know of: the far ends of links that were stated before. Out of order, so that two workers
 * may wait for each other in a circle; that passes, and is rare, since a batch that states a link names both of its ends.
 */
export async function lockMore(
  tx: GraphTransaction,
  { datasets, wanted }: { datasets: Map<EntityKey, StoredDataset>; wanted: readonly EntityKey[] },
): Promise<void> {
  const missing = wanted.filter((dataset) => !datasets.has(dataset))
  if (missing.length === 0) return
  for (const [dataset, stored] of await lockDatasets(tx, missing)) datasets.set(dataset, stored)
}

/** Deletes relationships between datasets, or between jobs, by their keys. */
export async function deleteSameAs(tx: GraphTransaction, edges: readonly { key: string }[]): Promise<void> {
  await runRows(tx, deleteSameAsStatement, edges.map(({ key }) => key).toSorted())
}

function keysOf(edges: readonly LinkEdge[], kind: LinkEdge['kind']): string[] {
  return edges
    .filter((edge) => edge.kind === kind)
    .map(({ key }) => key)
    .toSorted()
}

function rowsOf(edges: readonly LinkEdge[], kind: LinkEdge['kind']) {
  return edges
    .filter((edge) => edge.kind === kind)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, from, to, source, type }) => ({
      key,
      from: fromEntityKey(from),
      to: fromEntityKey(to),
      source,
      type: type ?? null,
    }))
}
