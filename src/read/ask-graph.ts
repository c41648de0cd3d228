import type { Graph, GraphTransaction } from '../graph/connection.ts'
import { isPassingTrouble } from '../graph/passing-trouble.ts'
import { withDeadline } from '../http/deadline.ts'
import { Problem } from '../http/problem.ts'

/** Longest time that a question may take; `cypher` has limits of its own. */
const askMsMax = 30_000

/** Asks the graph, in one transaction that reads. */
export type AskGraph = <T>(work: (tx: GraphTransaction) => Promise<T>) => Promise<T>

/**
 * A way to ask that turns the graph's trouble into the caller's words.
 * @param graph undefined where the receiver was started without one
 */
export function createAskGraph(graph: Graph | undefined): AskGraph {
  return async (work) => {
    if (graph === undefined)
      throw new Problem('graph-unavailable', {
        detail: 'This receiver was started without a Neo4j: set NEO4J_URI for it.',
      })
    try {
      return await withDeadline(graph.inRead(work, { msMax: askMsMax }), {
        ms: askMsMax,
        late: () =>
          new Problem('graph-unavailable', {
            detail: 'The answer took too long. Ask for less: a smaller depth, limit or time.',
          }),
      })
    } catch (cause) {
      if (!isPassingTrouble(cause)) throw cause
      throw new Problem('graph-unavailable', { detail: 'Neo4j does not answer. Ask again.', cause })
    }
  }
}
