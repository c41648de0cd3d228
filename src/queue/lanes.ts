import { randomUUID } from 'node:crypto'
import { Queue, type JobsOptions } from 'bullmq'
import type { EventLabel, EventTrace, QueuedEvent } from './queued-event.ts'
import type { RedisClient } from './redis-client.ts'

/**
 * The queues of BullMQ that events take. Small events share jobs; a large one has a job of its own, so that it does not
 * hold up the small ones; suspects were held by a worker that ended too often and are tried one by one.
 */
export const laneNames = ['events', 'large-events', 'suspect-events'] as const

export type LaneName = (typeof laneNames)[number]

/** What one job of a lane carries. */
export interface LaneJob {
  events: QueuedEvent[]
}

export type Lane = Queue<LaneJob, void, 'events'>

/** BullMQ counts attempts, but an event is given up by us alone: into the dead letters, with a reason. */
const attemptsMax = 1_000_000_000
const attemptPauseMs = 1000
/** BullMQ writes a stream of notices that nobody here reads; it cannot be turned off, only kept short. */
const noticesMax = 100

const jobOptions: JobsOptions = {
  attempts: attemptsMax,
  backoff: { type: 'fixed', delay: attemptPauseMs },
  removeOnComplete: true,
  // Only a job that cannot be read fails for good; it stays for a person to look at.
  removeOnFail: false,
  stackTraceLimit: 1,
}

/** Opens one lane on a connection that the caller closes. */
export function createLane(
  name: LaneName,
  { redis, prefix, onError }: { redis: RedisClient; prefix: string; onError: (error: Error) => void },
): Lane {
  const lane: Lane = new Queue(name, {
    connection: redis,
    prefix,
    // checkRedis has looked, and BullMQ would write its warnings past our log.
    skipVersionCheck: true,
    defaultJobOptions: jobOptions,
    streams: { events: { maxLen: noticesMax } },
  })
  lane.on('error', onError)
  return lane
}

/** Queues events as one job. Resolves when Redis has it. */
export async function addJob(lane: Lane, events: QueuedEvent[]): Promise<void> {
  await lane.add('events', { events }, { jobId: toJobId(events.length) })
}

/** Queues each event as a job of its own; a suspect that is queued already is not doubled. */
export async function addSuspects(lane: Lane, events: readonly QueuedEvent[]): Promise<void> {
  await lane.addBulk(
    events.map((event) => ({ name: 'events', data: { events: [event] }, opts: { jobId: `1-${event.id}` } })),
  )
}

/** The number of events leads the id, so that a look at the ids alone tells how many events wait. */
function toJobId(eventCount: number): string {
  return `${eventCount}-${randomUUID()}`
}

/** How many events a job carries, by its id. */
export function countEvents(jobId: string): number {
  const count = Number.parseInt(jobId, 10)
  return Number.isNaN(count) ? 1 : count
}

/** The events of a job, or undefined where it was not written by us. */
export function readEvents(data: unknown): QueuedEvent[] | undefined {
  if (typeof data !== 'object' || data === null || !('events' in data)) return undefined
  const { events } = data
  return Array.isArray(events) && events.every(isQueuedEvent) ? events : undefined
}

export function isQueuedEvent(value: unknown): value is QueuedEvent {
  if (typeof value !== 'object' || value === null) return false
  const candidate: Partial<Record<keyof QueuedEvent, unknown>> = value
  return (
    typeof candidate.id === 'string' &&
    typeof candidate.receivedAt === 'string' &&
    typeof candidate.requestId === 'string' &&
    typeof candidate.payload === 'string' &&
    typeof candidate.bytes === 'number' &&
    isTextsOrAbsent(candidate.brokenFacets) &&
    isTextsOrAbsent(candidate.warnings) &&
    (candidate.label === undefined || isEventLabel(candidate.label)) &&
    (candidate.trace === undefined || isEventTrace(candidate.trace))
  )
}

export function isEventLabel(value: unknown): value is EventLabel {
  if (typeof value !== 'object' || value === null) return false
  const candidate: Partial<Record<keyof EventLabel, unknown>> = value
  const { producer, subject, eventTime, eventType } = candidate
  const required = [producer, subject, eventTime]
  const isKnownType = eventType === undefined || typeof eventType === 'string'
  return isKnownType && required.every((text) => typeof text === 'string')
}

function isEventTrace(value: unknown): value is EventTrace {
  if (typeof value !== 'object' || value === null) return false
  const { traceparent, runId }: Partial<Record<keyof EventTrace, unknown>> = value
  return typeof traceparent === 'string' && (runId === undefined || typeof runId === 'string')
}

function isTextsOrAbsent(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every((text) => typeof text === 'string'))
}
