import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { connectGraph, type Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { createLane, laneNames } from '../../src/queue/lanes.ts'
import { silent } from '../support/graph.ts'
import type { ChaosStack } from './chaos-stack.ts'

const lookEveryMs = 500
/** A queue is seen empty so often before what is not in the graph counts as lost. */
const emptyLooks = 4

export function connectGraphOf({ neo4j }: Pick<ChaosStack, 'neo4j'>): Graph {
  const { port, user, password } = neo4j
  return connectGraph({ uri: `bolt://127.0.0.1:${port}`, user, password, database: 'neo4j' }, silent)
}

/** Waits until the events are in the graph; gives those that are not though nothing is on its way any more, or within the time. */
export async function awaitMerged(
  stack: ChaosStack,
  ids: readonly string[],
  { withinMs }: { withinMs: number },
): Promise<string[]> {
  const graph = connectGraphOf(stack)
  const redis = new Redis(stack.redisUrl)
  const lanes = laneNames.map((name) => createLane(name, { redis, prefix: stack.prefix, onError }))
  const isEmpty = async () => {
    const counts = await Promise.all(lanes.map(async (lane) => await lane.getJobCountByTypes(...onTheirWay)))
    return counts.every((count) => count === 0)
  }
  const endAt = performance.now() + withinMs
  try {
    let missing = [...ids]
    for (let empty = 0; empty < emptyLooks && performance.now() < endAt;) {
      // Asked first: what leaves the queue after that is in the graph all the more.
      empty = (await isEmpty()) ? empty + 1 : 0
      missing = await findMissing(graph, missing)
      if (missing.length === 0) break
      await pause(lookEveryMs)
    }
    return missing
  } finally {
    await Promise.all(lanes.map(async (lane) => await lane.close()))
    redis.disconnect()
    await graph.close()
  }
}

const onError = () => undefined
const onTheirWay = ['wait', 'active', 'delayed', 'prioritized', 'failed'] as const

const findEvents = cypher`
  UNWIND $ids AS id
  MATCH (e:Event {id: id})
  RETURN DISTINCT e.id AS id
`

/** Those of the events that are not in the graph; all of them while it does not answer. */
async function findMissing(graph: Graph, ids: readonly string[]): Promise<string[]> {
  const rows = await graph.inRead((tx) => tx.run(findEvents, { ids })).catch(() => [])
  const found = new Set(rows.map((row) => row['id']))
  return ids.filter((id) => !found.has(id))
}
