import { hash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip, gzipSync } from 'node:zlib'
import { isDatasetEvent, isRunEvent, type LineageEvent } from '../openlineage/events.ts'
import type { EventLabel, EventTrace, QueuedEvent } from '../queue/queued-event.ts'
import { hasRedactions } from '../redact/redact-urls.ts'
import type { Verdict } from '../validate/validate-event.ts'
import type { WarningKind } from '../validate/warning-kinds.ts'
import type { Body } from './read-body.ts'

const gzipAsync = promisify(gzip)
// The fastest level: the text lives in the queue for seconds, and level 6 takes nearly twice the CPU for an eighth less.
const gzipLevel = 1
/** Up to here compressing takes less than a millisecond, and a thread would cost more than it frees. */
const gzipSyncBytesMax = 256 * 1024
/** A label stands in a table; the event itself has the whole text. */
const labelCharsMax = 300

/** An event's text, and what is told of it beside. The event itself, many times as large, is not among it: it need not wait for Redis. */
export interface QueueEntry {
  body: Pick<Body, 'text' | 'gzip'>
  brokenFacets: string[]
  warnings: WarningKind[]
  label: EventLabel
  trace: EventTrace | undefined
}

/**
 * What is queued of an event that is accepted.
 * @param traceparent of the request, where it is followed
 */
export function toQueueEntry(
  body: QueueEntry['body'],
  { event, warningKinds, brokenFacets }: Extract<Verdict, { ok: true }>,
  traceparent?: string,
): QueueEntry {
  return {
    body,
    brokenFacets,
    warnings: toWarnings(body.text, warningKinds),
    label: toLabel(event),
    trace: traceparent === undefined ? undefined : toTrace(event, traceparent),
  }
}

/** An event as it travels: named after its content, so that a repeat has the same id. */
export async function toQueuedEvent(
  { body, brokenFacets, warnings, label, trace }: QueueEntry,
  { requestId, receivedAt }: Pick<QueuedEvent, 'requestId' | 'receivedAt'>,
): Promise<QueuedEvent> {
  const compressed = body.gzip ?? (await compress(body.text))
  return {
    id: hash('sha256', body.text, 'hex'),
    receivedAt,
    requestId,
    payload: compressed.toString('base64'),
    bytes: body.text.length,
    ...(brokenFacets.length > 0 && { brokenFacets }),
    ...(warnings.length > 0 && { warnings }),
    label,
    ...(trace !== undefined && { trace }),
  }
}

function toTrace(event: LineageEvent, traceparent: string): EventTrace {
  return isRunEvent(event) ? { traceparent, runId: event.run.runId } : { traceparent }
}

/** Sorted. All of them follow from the text, so that the same event has the same ones whoever brings it. */
function toWarnings(text: Buffer, kinds: readonly WarningKind[]): WarningKind[] {
  return hasRedactions(text) ? [...kinds, 'SECRET_REDACTED' as const].toSorted() : [...kinds]
}

function toLabel(event: LineageEvent): EventLabel {
  const { namespace, name } = isDatasetEvent(event) ? event.dataset : event.job
  return {
    producer: toShort(event.producer),
    subject: toShort(`${name} (${namespace})`),
    eventTime: toShort(event.eventTime),
    ...(isRunEvent(event) && event.eventType !== undefined && { eventType: event.eventType }),
  }
}

function toShort(text: string): string {
  return text.length > labelCharsMax ? `${text.slice(0, labelCharsMax - 1)}…` : text
}

async function compress(text: Buffer): Promise<Buffer> {
  return text.length > gzipSyncBytesMax
    ? gzipAsync(text, { level: gzipLevel })
    : gzipSync(text, { level: gzipLevel })
}
