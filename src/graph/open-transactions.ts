import type { Graph, TransactionPurpose } from './connection.ts'
import { cypher } from './cypher.ts'

const findOpenStatement = cypher`
  SHOW TRANSACTIONS YIELD transactionId, metaData
  WHERE metaData.headwater = $purpose
  RETURN transactionId AS id
`

/** The transactions of ours that are open in Neo4j now, by whichever process. */
export async function findOpenTransactions(
  graph: Graph,
  purpose: TransactionPurpose,
): Promise<ReadonlySet<string>> {
  const rows = await graph.inRead((tx) => tx.run(findOpenStatement, { purpose }))
  return new Set(rows.map(({ id }) => String(id)))
}

const endStatement = cypher`TERMINATE TRANSACTIONS $ids YIELD transactionId RETURN transactionId AS id`

/** Ends transactions that nobody waits for any more. */
export async function endTransactions(graph: Graph, ids: Iterable<string>): Promise<void> {
  await graph.inRead((tx) => tx.run(endStatement, { ids: [...ids] }))
}
