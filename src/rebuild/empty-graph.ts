import type { Graph } from '../graph/connection.ts'
import { cypher, type Statement } from '../graph/cypher.ts'
import { endLoneStatements } from '../graph/open-transactions.ts'
import { patiently } from '../graph/patiently.ts'

const sayEveryMs = 10_000

/** What is not made of the log stays. First the relationships, so that no node with a million of them goes in one transaction. */
const wipeStatements = [
  cypher`MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 5000 ROWS`,
  cypher`
    MATCH (n)
    WHERE NOT n:Event AND NOT n:Change AND NOT n:Checkpoint AND NOT n:Turn AND NOT n:Migration AND NOT n:Rebuild AND NOT n:Queue
    CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS
  `,
]

/** Counts that Neo4j keeps ready. */
const countStatement = cypher`
  CALL () { MATCH ()-[r]->() RETURN count(r) AS relationships }
  CALL () { MATCH (n) RETURN count(n) AS nodes }
  CALL () { MATCH (e:Event) RETURN count(e) AS events }
  RETURN relationships, nodes - events AS nodes
`

export interface WipeOptions {
  signal: AbortSignal
  /** Throws where the graph is not ours to empty any more. */
  confirm: () => Promise<void>
  /** Hears now and then what is left. */
  onLeft: (left: string) => void
}

/**
 * Deletes everything but the log, and the checkpoint of what is in it no more, in small transactions. It may be interrupted and done again. The caller has seen to it that
 * nobody merges.
 */
export async function emptyGraph(graph: Graph, options: WipeOptions): Promise<void> {
  const { signal, onLeft } = options
  // A wipe of a rebuild that was killed may still go on in Neo4j, and would delete what is merged next.
  await endLoneStatements(graph, 'wipe')
  const onAbort = () => void endLoneStatements(graph, 'wipe').catch(() => undefined)
  signal.addEventListener('abort', onAbort)
  const timer = setInterval(() => void sayLeft(graph, onLeft).catch(() => undefined), sayEveryMs)
  try {
    for (const statement of wipeStatements) await runToItsEnd(graph, statement, options)
  } finally {
    clearInterval(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

async function runToItsEnd(
  graph: Graph,
  statement: Statement,
  { signal, confirm }: WipeOptions,
): Promise<void> {
  try {
    await patiently(async () => {
      signal.throwIfAborted()
      await confirm()
      await graph.runAlone(statement, 'wipe')
    })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}

async function sayLeft(graph: Graph, onLeft: WipeOptions['onLeft']): Promise<void> {
  const [row] = await graph.inRead((tx) => tx.run(countStatement))
  onLeft(`${String(row?.['relationships'])} relationships, ${String(row?.['nodes'])} nodes`)
}
