import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from '../logger.ts'
import type { Graph } from './connection.ts'
import { migrateGraph } from './migrate.ts'
import { isPassingTrouble } from './passing-trouble.ts'

const pauseMs = { first: 500, max: 10_000 }

/**
 * Waits until Neo4j is there, and brings the graph up to date. Several workers may start at once: making constraints they can run
 * into each other, which passes.
 * @throws what Neo4j throws for good
 */
export async function prepareGraph(graph: Graph, log: Logger): Promise<void> {
  for (let wait = pauseMs.first; ; wait = Math.min(wait * 2, pauseMs.max)) {
    try {
      await graph.verify()
      await migrateGraph(graph, log)
      return
    } catch (error) {
      if (!isPassingTrouble(error)) throw error
      log.warn(
        { reason: error instanceof Error ? error.message : String(error), retryMs: wait },
        'graph is not ready',
      )
      await pause(wait)
    }
  }
}
