import type { Logger } from '../logger.ts'
import { addInBulk, type AddOutcome } from './bulk-add.ts'
import { checkReplicas, checkRedis } from './check-redis.ts'
import { createConfirmation, type ReplicaLimits } from './confirm-replicas.ts'
import { startFillGauge, type FillGauge } from './fill-gauge.ts'
import { createGroupCommit, type GroupCommit } from './group-commit.ts'
import { addJob, createLane, type Lane, type LaneName } from './lanes.ts'
import { QueueFull, QueueUnavailable } from './queue-errors.ts'
import { watchPause } from './pause-watch.ts'
import { readDepth, type QueueDepth } from './queue-depth.ts'
import type { QueuedEvent } from './queued-event.ts'
import { connectRedis, isAnswering, type RedisConnection } from './redis-connection.ts'

/** Most characters of payload in one job: larger ones would hold up Redis, and a worker that reads them. */
const jobBytesMax = 1024 * 1024

export interface EventQueue {
  /**
   * Resolves once the event is durable in Redis. A repeat is queued again: merging twice is harmless.
   * @throws {QueueUnavailable} when Redis does not answer in time; the event may be queued all the same
   * @throws {QueueFull} above the high-water mark
   */
  add(event: QueuedEvent): Promise<void>
  /** Adds many, and tells of each what became of it; those that the signal finds unanswered are told as refused. */
  addMany(events: readonly QueuedEvent[], signal: AbortSignal): Promise<AddOutcome[]>
  depth(): Promise<QueueDepth>
  /** Whether Redis answers. A full queue is ready: it says so to each sender. */
  isReady(): Promise<boolean>
  /** Waits for what is being added, then leaves. */
  close(): Promise<void>
}

export interface EventQueueOptions extends ReplicaLimits {
  redisUrl: string
  /** Prefix of all names in Redis. */
  prefix: string
  /** Most events that share one job of the queue. */
  jobEventsMax: number
  /** Events above this many inflated bytes take a lane of their own. */
  largeEventBytes: number
  queueEventsMax: number
  queueBytesMax: number
  /** How long events wait for others after a job, in milliseconds. None by default. */
  lingerMs?: number
  /** Longest wait for Redis, one event. */
  addMsMax: number
  /** Uses a Redis that may lose events; it is refused by default. */
  redisAnyway?: boolean
  log: Logger
}

/**
 * Opens the door of the queue: adds events, and knows how full it is.
 * @throws {QueueUnavailable} when there is no Redis
 * @throws {RedisUnfit} when it cannot keep what is queued
 */
export async function connectEventQueue(options: EventQueueOptions): Promise<EventQueue> {
  const connection = await connectLane('receiver', options)
  // A large event on its way into Redis does not stand in the small ones' connection.
  const largeConnection = await connectLane('receiver-large', options)
  try {
    await checkRedis(connection, { insist: options.redisAnyway ?? false, log: options.log })
    await checkReplicas(connection, options)
    return await openQueue({ connection, largeConnection, options })
  } catch (error) {
    connection.close()
    largeConnection.close()
    throw error
  }
}

async function connectLane(
  role: string,
  { redisUrl, prefix, addMsMax, log }: EventQueueOptions,
): Promise<RedisConnection> {
  return await connectRedis({ redisUrl, prefix, role, whenAway: { fail: { commandMsMax: addMsMax } }, log })
}

async function openQueue(parts: {
  connection: RedisConnection
  largeConnection: RedisConnection
  options: EventQueueOptions
}): Promise<EventQueue> {
  const { connection, largeConnection, options } = parts
  const smallDoor = openDoor('events', connection, options)
  const largeDoor = openDoor('large-events', largeConnection, options)
  const suspectLane = openLane('suspect-events', connection, options)
  const lanes = [smallDoor.lane, largeDoor.lane, suspectLane]
  const small = createAdder(smallDoor, options)
  const large = createAdder(largeDoor, { ...options, jobEventsMax: 1, lingerMs: 0 })
  const measure = async () => await readDepth(connection.redis, lanes)
  const gauge = await startFillGauge({
    measure,
    eventsMax: options.queueEventsMax,
    bytesMax: options.queueBytesMax,
    log: options.log,
  })
  const bulk = createBulkAdder({ smallDoor, largeDoor, gauge, options })
  const pauseWatch = watchPause(connection.redis, options)
  return {
    add: async (event) => await addEvent(event, { gauge, adder: isLarge(event, options) ? large : small }),
    addMany: async (events, signal) => await bulk.add(events, signal),
    depth: measure,
    isReady: async () => await isAnswering(connection),
    async close() {
      await Promise.all([small.close(), large.close(), bulk.close()])
      gauge.close()
      pauseWatch.close()
      await Promise.all(lanes.map(async (lane) => await lane.close()))
      connection.close()
      largeConnection.close()
    },
  }
}

function openLane(name: LaneName, { redis }: RedisConnection, { prefix, log }: EventQueueOptions): Lane {
  // The connection reports its outages itself, once each.
  const onError = (error: Error) => log.debug({ reason: error.message }, 'queue had trouble with redis')
  return createLane(name, { redis, prefix, onError })
}

/** A lane, and how jobs get into it for good. */
interface Door {
  lane: Lane
  write: (events: QueuedEvent[]) => Promise<void>
}

function openDoor(name: LaneName, connection: RedisConnection, options: EventQueueOptions): Door {
  const lane = openLane(name, connection, options)
  const confirm = createConfirmation(connection, options)
  return { lane, write: async (events) => await confirm(async () => await addJob(lane, events)) }
}

function isLarge(event: QueuedEvent, { largeEventBytes }: EventQueueOptions): boolean {
  return event.bytes > largeEventBytes
}

type Adder = GroupCommit<QueuedEvent>

function createAdder({ write }: Door, { jobEventsMax, lingerMs = 0, addMsMax }: EventQueueOptions): Adder {
  return createGroupCommit<QueuedEvent>({
    write,
    sizeOf: (event) => event.payload.length,
    itemsMax: jobEventsMax,
    bytesMax: jobBytesMax,
    lingerMs,
    waitMsMax: addMsMax,
    toTimeout: () => new QueueUnavailable(`Redis did not answer within ${addMsMax} ms.`),
  })
}

interface BulkAdder {
  add(events: readonly QueuedEvent[], signal: AbortSignal): Promise<AddOutcome[]>
  /** Waits for everything that is being added. */
  close(): Promise<void>
}

/** Many events at once are written beside the line of the single ones: these wait behind a round of jobs, not behind all. */
function createBulkAdder(parts: {
  smallDoor: Door
  largeDoor: Door
  gauge: FillGauge
  options: EventQueueOptions
}): BulkAdder {
  const { smallDoor, largeDoor, gauge, options } = parts
  const doorOf = ([first]: readonly QueuedEvent[]) =>
    first !== undefined && isLarge(first, options) ? largeDoor : smallDoor
  const adding = new Set<Promise<AddOutcome[]>>()
  return {
    async add(events, signal) {
      const task = addInBulk(events, signal, {
        write: async (job) => await doorOf(job).write(job),
        isLarge: (event) => isLarge(event, options),
        jobEventsMax: options.jobEventsMax,
        jobBytesMax,
        gauge,
        toQueueError,
      })
      adding.add(task)
      return await task.finally(() => adding.delete(task))
    },
    async close() {
      await Promise.allSettled(adding)
    },
  }
}

async function addEvent(
  event: QueuedEvent,
  { gauge, adder }: { gauge: FillGauge; adder: Adder },
): Promise<void> {
  gauge.refuseWhenFull()
  gauge.countAdded(event.payload.length)
  try {
    await adder.add(event)
  } catch (error) {
    throw toQueueError(error)
  }
}

/** Whatever Redis answers but that it has no memory left, it did not take the event now and may do so later. */
function toQueueError(error: unknown): QueueUnavailable | QueueFull {
  if (error instanceof QueueUnavailable || error instanceof QueueFull) return error
  const message = error instanceof Error ? error.message : String(error)
  const isOutOfMemory = message.includes('OOM command not allowed')
  if (isOutOfMemory) return new QueueFull('Redis has no memory left.', { cause: error })
  return new QueueUnavailable(`Redis did not take the event: ${message}`, { cause: error })
}
