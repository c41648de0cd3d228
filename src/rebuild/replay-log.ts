import { gunzipSync } from 'node:zlib'
import type { Graph } from '../graph/connection.ts'
import { inflatedBytesOf, type LoggedEvent, type LogPosition } from '../log/logged-event.ts'
import { readLog, type LogReading } from '../log/read-log.ts'
import type { MergeBatcher } from '../queue/merge-batcher.ts'
import type { QueuedEvent } from '../queue/queued-event.ts'
import type { EventValidator } from '../validate/validate-event.ts'

export interface Replay extends LogReading {
  /** Merges events in batches; each settles once it is merged or given up. */
  batcher: Pick<MergeBatcher, 'settle' | 'hurry'>
  /** What a receiver does with an event: a facet that breaks its schema is not interpreted now either. */
  validate: EventValidator
  /** Hears of an event that cannot be merged any more. */
  onUnreadable: (id: string, reason: string) => Promise<void>
  /** Hears that everything up to here is merged, and how many events that are. */
  onMerged: (position: LogPosition, merged: number, scanned: number) => Promise<void>
  signal: AbortSignal
}

/**
 * Merges the events of a log again, in its order. A page is read and validated while the one before it is merged.
 * @throws {AbortError} when told to stop; what `onMerged` has heard of is merged
 */
export async function replayLog(source: Graph, replay: Replay): Promise<void> {
  const { batcher, signal, onMerged } = replay
  const hurry = () => batcher.hurry()
  signal.addEventListener('abort', hurry)
  let before: Promise<void> = Promise.resolve()
  try {
    for await (const { events, scanned, position } of readLog(source, replay)) {
      const queued = await toQueuedEvents(events, replay)
      await before
      if (signal.aborted) break
      before = batcher.settle(queued).then(() => onMerged(position, queued.length, scanned))
      // It is awaited in the next turn, or at the end; until then its failure is not unseen.
      before.catch(() => undefined)
    }
    await before
  } catch (error) {
    await before.catch(() => undefined)
    // A batch that was abandoned is what the stop has asked for.
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', hurry)
  }
  signal.throwIfAborted()
}

async function toQueuedEvents(
  events: readonly LoggedEvent[],
  { validate, onUnreadable }: Replay,
): Promise<QueuedEvent[]> {
  const queued: QueuedEvent[] = []
  for (const event of events) {
    const result = toQueuedEvent(event, validate)
    if (typeof result === 'string') await onUnreadable(event.id, result)
    else queued.push(result)
  }
  return queued
}

/** The event as it came out of the queue once; or why it cannot be merged. */
function toQueuedEvent(event: LoggedEvent, validate: EventValidator): QueuedEvent | string {
  const { id, receivedAt, payload, warnings } = event
  let value: unknown
  try {
    value = JSON.parse(gunzipSync(payload).toString('utf8'))
  } catch (error) {
    return `its payload is damaged: ${error instanceof Error ? error.message : String(error)}`
  }
  const verdict = validate(value)
  if (!verdict.ok) {
    const [first] = verdict.problems
    return `it does not match its schema any more: ${first?.pointer ?? '#'} ${first?.detail ?? ''}`
  }
  const { brokenFacets } = verdict
  return {
    id,
    receivedAt,
    requestId: 'rebuild',
    payload: payload.toString('base64'),
    bytes: inflatedBytesOf(payload),
    ...(brokenFacets.length > 0 && { brokenFacets }),
    ...(warnings.length > 0 && { warnings }),
  }
}
