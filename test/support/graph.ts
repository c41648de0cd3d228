import { connectGraph, type Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { isPassingTrouble } from '../../src/graph/passing-trouble.ts'
import { createLogger } from '../../src/logger.ts'
import { mergeEvents } from './merge-events.ts'
import type { ReceivedEvent } from '../../src/project/project-event.ts'

export const silent = createLogger({ name: 'test', level: 'silent' })

/** The Neo4j that `npm test` has started. */
export function connectTestGraph(): Graph {
  const {
    NEO4J_URI: uri,
    NEO4J_USER: user = 'neo4j',
    NEO4J_PASSWORD: password = '',
    NEO4J_DATABASE: database = 'neo4j',
  } = process.env
  if (uri === undefined) throw new Error('NEO4J_URI is not set: run the integration tests with `npm test`')
  return connectGraph({ uri, user, password, database }, silent)
}

export async function countJobs(graph: Graph): Promise<number> {
  const [row] = await graph.inRead((tx) => tx.run(cypher`MATCH (j:Job) RETURN count(j) AS jobs`))
  return Number(row?.['jobs'])
}

/** Merges events in batches, as a worker does: passing trouble is tried again. */
export async function mergeInBatches(
  graph: Graph,
  events: readonly ReceivedEvent[],
  batchSize: number,
): Promise<void> {
  for (let start = 0; start < events.length; start += batchSize) {
    await mergePatiently(graph, events.slice(start, start + batchSize))
  }
}

const attemptsMax = 50

async function mergePatiently(graph: Graph, batch: readonly ReceivedEvent[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await mergeEvents(graph, batch, { facetBytesMax: 262_144 })
      return
    } catch (error) {
      if (!isPassingTrouble(error) || attempt === attemptsMax) throw error
    }
  }
}
