import { setTimeout as sleep } from 'node:timers/promises'
import { UnrecoverableError, WaitingError, Worker, type Job } from 'bullmq'
import type { Logger } from '../logger.ts'
import { readEvents, type LaneJob, type LaneName } from './lanes.ts'
import { MergeAbandoned } from './merge-patiently.ts'
import type { QueuedEvent } from './queued-event.ts'
import { reconnectMsMax, type RedisClient } from './redis-client.ts'

/** A worker that ended without a word loses its jobs to the others after so long without renewing its lock on them. */
const defaultLockMs = 15_000
const defaultStalledCheckMs = 10_000
/** How many times a job may be held by a worker that ends before it is treated as the cause. */
const defaultStallsMax = 3
/** Pause after trouble with Redis before jobs are asked for again. */
const fetchPauseMs = 1000
/** How long a connection may take to open once it is tried, and how often that is looked at. */
const connectGraceMs = 500
const statusPauseMs = 50

export interface StallLimits {
  lockMs?: number
  stalledCheckMs?: number
  stallsMax?: number
}

export interface LaneWorkerOptions {
  redis: RedisClient
  prefix: string
  /** Jobs held at a time. */
  concurrency: number
  /** Resolves once all events of a job are merged or dead letters. */
  settle: (events: QueuedEvent[]) => Promise<void>
  /** Takes over the events of a job whose workers ended too often. */
  suspect: (events: QueuedEvent[], stalls: number) => Promise<void>
  stallLimits: StallLimits
  log: Logger
}

export interface LaneWorker {
  /** Takes no more jobs; resolves when the held ones are done. */
  close(): Promise<void>
  /** Ends its own connection, whatever is under way. */
  disconnect(): Promise<void>
}

/** Holds jobs of one lane until their events are settled. */
export async function startLaneWorker(name: LaneName, options: LaneWorkerOptions): Promise<LaneWorker> {
  const { redis, prefix, concurrency, stallLimits, log } = options
  const worker = new Worker<LaneJob, void, 'events'>(
    name,
    async (job, token) => await processJob(job, token, options),
    {
      connection: redis,
      prefix,
      concurrency,
      skipVersionCheck: true,
      lockDuration: stallLimits.lockMs ?? defaultLockMs,
      stalledInterval: stallLimits.stalledCheckMs ?? defaultStalledCheckMs,
      // BullMQ would fail such a job; its events are to become suspects instead.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      runRetryDelay: fetchPauseMs,
    },
  )
  const lane = log.child({ lane: name })
  worker.on('stalled', (jobId) => lane.warn({ jobId }, 'job taken from a worker that ended or lost its lock'))
  worker.on('failed', (job, error) => lane.error({ jobId: job?.id, reason: error.message }, 'job failed'))
  // Trouble with Redis is reported by the connection; a lost lock shows again as a stalled job.
  worker.on('error', (error) => lane.debug({ reason: error.message }, 'lane worker met trouble'))
  await worker.waitUntilReady()
  return {
    async close() {
      const isConnected = await isSoonConnected(worker)
      await worker.close(!isConnected)
    },
    async disconnect() {
      const blockingClient = await worker.getBackend().blockingClient
      if (blockingClient?.status !== 'end') blockingClient?.disconnect()
    },
  }
}

/**
 * BullMQ waits for ever for the end of a connection that is just about to be opened again. Within a pause of the
 * reconnection it is either open, or Redis is away and there is nothing to wait for.
 */
async function isSoonConnected(worker: EventJobWorker): Promise<boolean> {
  const endAt = Date.now() + reconnectMsMax + connectGraceMs
  const client = await worker.getBackend().blockingClient
  const isReady = () => client?.status === 'ready'
  while (!isReady() && Date.now() < endAt) await sleep(statusPauseMs)
  return isReady()
}

type EventJob = Job<LaneJob, void, 'events'>
type EventJobWorker = Worker<LaneJob, void, 'events'>

async function processJob(
  job: EventJob,
  token: string | undefined,
  options: LaneWorkerOptions,
): Promise<void> {
  const events = readEvents(job.data)
  if (events === undefined) throw new UnrecoverableError('the job does not carry queued events')
  const stallsMax = options.stallLimits.stallsMax ?? defaultStallsMax
  const isSuspect = job.stalledCounter >= stallsMax
  if (isSuspect) return await options.suspect(events, job.stalledCounter)
  try {
    await options.settle(events)
  } catch (error) {
    if (!(error instanceof MergeAbandoned)) throw error
    // Back to the front of the line, for the next worker.
    await job.moveToWait(token)
    throw new WaitingError()
  }
}
