import type { Logger } from '../logger.ts'
import { checkRedis } from './check-redis.ts'
import { createConfirmation, type ReplicaLimits } from './confirm-replicas.ts'
import type { DeadLetters } from './dead-letters.ts'
import type { Fault } from './fault.ts'
import { readGeneration, type QueueGeneration } from './generation.ts'
import { startLaneWorker, type LaneWorker, type StallLimits } from './lane-worker.ts'
import { addSuspects, createLane, type LaneName } from './lanes.ts'
import { isWithin } from './is-within.ts'
import { createMergeBatcher, type MergeBatcher, type MergeBatcherOptions } from './merge-batcher.ts'
import { watchPause } from './pause-watch.ts'
import type { QueuedEvent } from './queued-event.ts'
import { connectRedis, isAnswering, type RedisConnection } from './redis-connection.ts'
import type { WorkerNotes } from './worker-notes.ts'

/** Most inflated bytes of a batch: what a transaction and the projection of its events may take in memory. */
export const mergeBytesMax = 8 * 1024 * 1024
/** One is merged while the next is on its way from Redis. */
const largeJobsHeld = 2
/** Alone, so that a worker that ends tells which event it was. */
const suspectJobsHeld = 1
/** After the drain's time is over: for giving the jobs back. */
const handBackMsMax = 2000

/** Which lanes a worker takes its events from. */
export type LaneChoice = 'all' | 'small' | 'large'

const lanesOf: Record<LaneChoice, readonly LaneName[]> = {
  all: ['events', 'large-events', 'suspect-events'],
  small: ['events'],
  large: ['large-events', 'suspect-events'],
}

export interface EventWorker {
  /** Whether Redis answers. */
  isReady(): Promise<boolean>
  /** Which queue Redis holds now; waits while Redis is away. */
  readGeneration(): Promise<QueueGeneration>
  /** Drains: takes no more events, merges the held ones, gives back what could not be merged in time. */
  close(): Promise<void>
}

export interface EventWorkerOptions
  extends Pick<MergeBatcherOptions, 'merge' | 'prepare' | 'isPassing'>, ReplicaLimits {
  redisUrl: string
  prefix: string
  /** Jobs of the queue held at a time. */
  concurrency: number
  mergeEventsMax: number
  mergeWriters: number
  /** How long a worker waits for more events after a batch, in milliseconds. None by default. */
  mergeLingerMs?: number
  deadLetters: Pick<DeadLetters, 'add'>
  /** Longest drain. */
  shutdownMs: number
  /** Uses a Redis that may lose events; it is refused by default. */
  redisAnyway?: boolean
  log: Logger
  /** Absent where nobody counts. */
  notes?: WorkerNotes
  stallLimits?: StallLimits
  /** All by default. */
  lanes?: LaneChoice
}

/**
 * Takes events from the queue and has them merged; a job leaves the queue once all its events are merged or dead letters.
 * @throws {QueueUnavailable} when there is no Redis
 * @throws {RedisUnfit} when it cannot keep what is queued
 */
export async function startEventWorker(options: EventWorkerOptions): Promise<EventWorker> {
  const { redisUrl, prefix, log } = options
  const connection = await connectRedis({
    redisUrl,
    prefix,
    role: 'worker',
    whenAway: 'wait',
    log,
  })
  try {
    await checkRedis(connection, { insist: options.redisAnyway ?? false, log })
  } catch (error) {
    connection.close()
    throw error
  }
  const { batchers, workers } = await startLanes(connection, options)
  const pauseWatch = watchPause(connection.redis, { prefix, log })
  let drained: Promise<void> | undefined
  return {
    isReady: async () => await isAnswering(connection),
    readGeneration: async () => await readGeneration(connection),
    close: async () => {
      pauseWatch.close()
      await (drained ??= drain({ batchers, workers, connection }, options))
    },
  }
}

interface Lanes {
  batchers: MergeBatcher[]
  workers: LaneWorker[]
}

async function startLanes(connection: RedisConnection, options: EventWorkerOptions): Promise<Lanes> {
  const { redis } = connection
  const { prefix, log, stallLimits = {} } = options
  const onError = (error: Error) => log.debug({ reason: error.message }, 'queue had trouble with redis')
  const suspects = createLane('suspect-events', { redis, prefix, onError })
  const confirm = createConfirmation(connection, options)
  const makeSuspects = async (events: QueuedEvent[], stalls: number) => {
    log.warn({ events: events.length, stalls }, 'events held by workers that ended are tried one by one')
    await confirm(async () => await addSuspects(suspects, events))
  }
  const makeDeadLetters = async (events: QueuedEvent[], stalls: number) => {
    const reason = `The worker ended ${stalls} times while it merged this event alone.`
    for (const event of events) await giveUp(event, { kind: 'WORKER_ENDED', reason }, options)
  }
  const small = createBatcher(options, {
    eventsMax: options.mergeEventsMax,
    writers: options.mergeWriters,
    lingerMs: options.mergeLingerMs ?? 0,
  })
  const large = createBatcher(options, { eventsMax: 1, writers: 1 })
  const alone = createBatcher(options, { eventsMax: 1, writers: 1 })
  const common = { redis, prefix, stallLimits, log }
  const start: Record<LaneName, () => Promise<LaneWorker>> = {
    events: async () =>
      await startLaneWorker('events', {
        ...common,
        concurrency: options.concurrency,
        settle: small.settle,
        suspect: makeSuspects,
      }),
    'large-events': async () =>
      await startLaneWorker('large-events', {
        ...common,
        concurrency: largeJobsHeld,
        settle: large.settle,
        suspect: makeSuspects,
      }),
    'suspect-events': async () =>
      await startLaneWorker('suspect-events', {
        ...common,
        concurrency: suspectJobsHeld,
        settle: alone.settle,
        suspect: makeDeadLetters,
      }),
  }
  return {
    batchers: [small, large, alone],
    workers: await Promise.all(lanesOf[options.lanes ?? 'all'].map(async (lane) => await start[lane]())),
  }
}

function createBatcher(
  options: EventWorkerOptions,
  size: Pick<MergeBatcherOptions, 'eventsMax' | 'writers' | 'lingerMs'>,
): MergeBatcher {
  const { merge, prepare, isPassing, log, notes } = options
  return createMergeBatcher({
    merge,
    ...(prepare !== undefined && { prepare }),
    isPassing,
    giveUp: async (event, fault) => await giveUp(event, fault, options),
    bytesMax: mergeBytesMax,
    log,
    ...(notes !== undefined && { notes }),
    ...size,
  })
}

async function giveUp(
  event: QueuedEvent,
  fault: Fault,
  { deadLetters, log, notes }: EventWorkerOptions,
): Promise<void> {
  await deadLetters.add(event, fault)
  notes?.deadLetterMade(fault.kind)
  log.error({ eventId: event.id, requestId: event.requestId, ...fault }, 'event became a dead letter')
}

async function drain(
  { batchers, workers, connection }: Lanes & { connection: RedisConnection },
  { shutdownMs, log }: EventWorkerOptions,
): Promise<void> {
  const closed = Promise.allSettled(workers.map(async (worker) => await worker.close()))
  batchers.forEach((batcher) => batcher.hurry())
  const isDrained = await isWithin(closed, shutdownMs)
  if (!isDrained) {
    batchers.forEach((batcher) => batcher.abandon())
    const isHandedBack = await isWithin(closed, handBackMsMax)
    // Their locks run out, and another worker takes them.
    if (!isHandedBack) log.warn('worker left while events were being merged, they will be merged again')
  }
  // Without Redis a lane worker does not end by itself, and would be back with it.
  await isWithin(Promise.allSettled(workers.map(async (worker) => await worker.disconnect())), handBackMsMax)
  connection.close()
}
