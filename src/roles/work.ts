import type { Config } from '../config.ts'
import type { Graph } from '../graph/connection.ts'
import { isPassingTrouble } from '../graph/passing-trouble.ts'
import { prepareGraph } from '../graph/prepare-graph.ts'
import type { Logger } from '../logger.ts'
import { UnreadableRules } from '../merge/rules-in-force.ts'
import { createRetentionNotes } from '../metrics/retention-notes.ts'
import { createWipeGauge } from '../metrics/wipe-gauge.ts'
import { createWorkerNotes } from '../metrics/worker-notes.ts'
import { connectDeadLetters } from '../queue/dead-letters.ts'
import { startEventWorker } from '../queue/event-worker.ts'
import { graphOf, queueOf } from './connections.ts'
import { readIdentityRules, startIdentityRules } from './identity-rules.ts'
import { createMerge } from './merge-queued.ts'
import { startRetention } from './retention.ts'
import type { Role } from './role.ts'
import { startRegistry } from './start-registry.ts'
import { startMergeTracer } from './trace-role.ts'
import { watchQueue } from './watch-queue.ts'

/**
 * Starts a worker: events out of the queue, merged into the graph. It waits for a Neo4j that is not there yet.
 * @throws {ConfigError} for identity rules that are wrong
 * @throws {QueueUnavailable} when there is no Redis
 * @throws {Neo4jError} when Neo4j refuses us for good
 */
export async function startWorker(config: Config, log: Logger): Promise<Role> {
  const rules = readIdentityRules(config)
  const graph = graphOf(config, log)
  try {
    await prepareGraph(graph, log)
    await startIdentityRules(config, { graph, rules, log })
    return await startMerging(config, { graph, log })
  } catch (error) {
    await graph.close()
    throw error
  }
}

async function startMerging(config: Config, { graph, log }: { graph: Graph; log: Logger }): Promise<Role> {
  const { facetBytesMax, eventAheadHoursMax } = config
  const place = queueOf(config)
  const registry = startRegistry()
  const deadLetters = await connectDeadLetters({ ...place, log })
  const { merge, prepare } = createMerge(graph, { facetBytesMax, eventAheadHoursMax })
  const traced = await startMergeTracer(config, { graph, merge, log })
  const worker = await startEventWorker({
    ...place,
    concurrency: config.workerConcurrency,
    mergeEventsMax: config.mergeEventsMax,
    mergeWriters: config.mergeWriters,
    mergeLingerMs: config.mergeLingerMs,
    lanes: config.workerLanes,
    merge: traced.merge,
    prepare,
    isPassing: (error) => isPassingTrouble(error) || error instanceof UnreadableRules,
    deadLetters,
    shutdownMs: config.shutdownMsMax,
    redisAnyway: config.redisAnyway,
    notes: createWorkerNotes(registry),
    log,
  }).catch((error: unknown) => {
    deadLetters.close()
    throw error
  })
  const queueWatch = watchQueue({
    graph,
    readGeneration: () => worker.readGeneration(),
    everyMs: config.queueSeenMs,
    onWiped: createWipeGauge(registry),
    log,
  })
  const dependencies = { redis: () => worker.isReady(), neo4j: () => isAnswering(graph) }
  const openDoor = async () => {
    // Loaded where it is asked for: a worker needs Express for nothing else.
    const { openWorkerDoor } = await import('./worker-door.ts')
    return await openWorkerDoor(config, { dependencies, registry, log })
  }
  const door = config.workerPort === 0 ? undefined : await openDoor()
  const retention = startRetention(config, { graph, notes: createRetentionNotes(registry), log })
  log.info('worker started')
  return {
    close: async () => {
      queueWatch.close()
      await door?.close()
      await worker.close()
      await retention.close()
      await traced.close()
      deadLetters.close()
      await graph.close()
    },
  }
}

async function isAnswering(graph: Graph): Promise<boolean> {
  return await graph.verify().then(
    () => true,
    () => false,
  )
}
