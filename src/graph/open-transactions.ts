import { setTimeout as pause } from 'node:timers/promises'
import type { Graph, LonePurpose } from './connection.ts'
import { cypher } from './cypher.ts'
import { patiently } from './patiently.ts'

const lookEveryMs = 250

const findOpenStatement = cypher`
  SHOW TRANSACTIONS YIELD transactionId, metaData
  WHERE metaData.headwater = $purpose
  RETURN transactionId AS id
`

const endStatement = cypher`TERMINATE TRANSACTIONS $ids YIELD transactionId RETURN transactionId AS id`

/** Ends the statements of a purpose that still run in Neo4j, whoever has started them, and waits until they have ended. */
export async function endLoneStatements(graph: Graph, purpose: LonePurpose): Promise<void> {
  for (;;) {
    const rows = await patiently(() => graph.inRead((tx) => tx.run(findOpenStatement, { purpose })))
    const ids = rows.map(({ id }) => String(id))
    if (ids.length === 0) return
    await patiently(() => graph.inRead((tx) => tx.run(endStatement, { ids })))
    await pause(lookEveryMs)
  }
}
