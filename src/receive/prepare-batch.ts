import { setImmediate as nextTurn } from 'node:timers/promises'
import { Problem } from '../http/problem.ts'
import { toEventKind, type EventKind } from '../openlineage/events.ts'
import type { QueuedEvent } from '../queue/queued-event.ts'
import type { Rejection } from './judge-event.ts'
import { checkText, parseJson } from './parse-event.ts'
import { judgeAndRedact, type JudgeParts } from './redact-event.ts'
import { NotSliceable, sliceArray } from './slice-array.ts'
import { toQueuedEvent, toQueueEntry } from './to-queued-event.ts'

/** One event that was not taken. */
export interface FailedEvent {
  /** Its position in the array, from 0. */
  index: number
  reason: string
  /** Whether it may be taken when it is sent again as it is. */
  retriable: boolean
}

export interface PreparedBatch {
  received: number
  /** The events to queue, each with its position in the array. */
  prepared: { index: number; kind: EventKind; event: QueuedEvent }[]
  failed: FailedEvent[]
}

export interface PrepareOptions extends JudgeParts {
  eventsMax: number
  requestId: string
  receivedAt: string
  /** Of the request, where it is followed. */
  traceparent?: string | undefined
  /** Throws when it is too late to go on. */
  checkTime: () => void
}

/** How long others wait while we work; then they have their turn. */
const turnMsMax = 10
const findingsNamedMax = 3
const reasonCharsMax = 500
const advice = 'Send an array of events. Nothing of this one was taken.'

/**
 * Makes an array's text into queued events. Each event keeps its own text, so that it has the same id as when it is sent alone.
 * @throws {Problem} where the text is not JSON, not an array, or has too many elements: then none of it can be taken
 */
export async function prepareBatch(text: Buffer, options: PrepareOptions): Promise<PreparedBatch> {
  const { eventsMax, checkTime } = options
  checkText(text, advice)
  const batch: PreparedBatch = { received: 0, prepared: [], failed: [] }
  let turnStartedAt = performance.now()
  for (const slice of readSlices(text)) {
    const index = batch.received
    if (index === eventsMax) throw toTooMany(eventsMax)
    batch.received += 1
    const value = parseJson(slice, { what: `Event ${index} of the array`, advice })
    const judgement = judgeAndRedact({ text: slice }, value, options)
    if (judgement.ok) {
      const { body, accepted } = judgement
      const event = await toQueuedEvent(toQueueEntry(body, accepted, options.traceparent), options)
      batch.prepared.push({ index, kind: toEventKind(accepted.event), event })
    } else batch.failed.push({ index, reason: toReason(judgement), retriable: false })
    if (performance.now() - turnStartedAt > turnMsMax) {
      await nextTurn()
      checkTime()
      turnStartedAt = performance.now()
    }
  }
  return batch
}

function* readSlices(text: Buffer): Generator<Buffer, void> {
  try {
    yield* sliceArray(text)
  } catch (error) {
    throw error instanceof NotSliceable ? toProblem(error, text) : error
  }
}

/** An object, a number … is JSON all the same: its kind is to be told. */
function toProblem(error: NotSliceable, text: Buffer): Problem {
  if (error.kind === 'other') {
    const isObject = text[error.position] === '{'.codePointAt(0)
    parseJson(text, { what: 'The body', advice })
    const one = isObject ? ' One event alone goes to /api/v1/lineage.' : ''
    const detail = `The body is JSON, but no array.${one} ${advice}`
    return new Problem('batch-invalid', { detail, cause: error })
  }
  const where = error.kind === 'short' ? 'ends too early' : `breaks off being JSON at byte ${error.position}`
  return new Problem('body-not-json', { detail: `The body ${where}. ${advice}`, cause: error })
}

/** `1 value differs from RunEvent 2-0-2: #/job/namespace is required.` */
function toReason({ detail, errors }: Rejection): string {
  if (errors.length === 0) return detail
  const named = errors.slice(0, findingsNamedMax).map((finding) => `${finding.pointer} ${finding.detail}`)
  const more = errors.length > named.length ? ` (and ${errors.length - named.length} more)` : ''
  const reason = `${detail.replace(/\.$/, '')}: ${named.join('; ')}${more}.`
  return reason.length > reasonCharsMax ? `${reason.slice(0, reasonCharsMax - 1)}…` : reason
}

function toTooMany(eventsMax: number): Problem {
  const detail = `A batch may have ${eventsMax} events. Send them in several, or raise BATCH_EVENTS_MAX of the collector. Nothing of this one was taken.`
  return new Problem('batch-too-long', { detail })
}
