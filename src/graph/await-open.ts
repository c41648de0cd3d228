import { setTimeout as pause } from 'node:timers/promises'
import { TRANSACTION_MS_MAX, type Graph } from './connection.ts'
import { cypher } from './cypher.ts'
import { patiently } from './patiently.ts'

const lookEveryMs = 250

const showOpenStatement = cypher`SHOW TRANSACTIONS YIELD transactionId RETURN transactionId AS id`

/**
 * Waits until every transaction that is open now has ended: whoever reads something at the beginning of its transaction knows by
 * then what stands there now. None of ours lasts longer than `TRANSACTION_MS_MAX`, so that nobody else's is waited for longer; and
 * for so long where Neo4j does not show them to us.
 */
export async function awaitOpenTransactions(graph: Graph, signal: AbortSignal): Promise<void> {
  const latest = Date.now() + TRANSACTION_MS_MAX
  const begun = await findOpen(graph).catch(() => undefined)
  for (let open = begun; open === undefined || open.size > 0;) {
    if (Date.now() > latest) return
    await pause(lookEveryMs, undefined, { signal })
    const now = begun === undefined ? undefined : await findOpen(graph)
    open = now && new Set([...(begun ?? [])].filter((id) => now.has(id)))
  }
}

async function findOpen(graph: Graph): Promise<ReadonlySet<string>> {
  const rows = await patiently(() => graph.inRead((tx) => tx.run(showOpenStatement)))
  return new Set(rows.map(({ id }) => String(id)))
}
