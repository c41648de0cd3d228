import { gunzipSync } from 'node:zlib'
import type { LineageEvent } from '../openlineage/events.ts'
import { dropStructuralNulls } from '../openlineage/structural-nulls.ts'
import { toInstant } from '../openlineage/time.ts'
import type { ReceivedEvent } from '../project/project-event.ts'
import { EventRejected, type EventRejection } from '../queue/event-rejected.ts'
import type { QueuedEvent } from '../queue/queued-event.ts'

const HOUR_MS = 3_600_000

/**
 * Takes queued events out of their wrapping, one at a time: inflates and parses them again, as the receiver did. What is parsed is let go
 * before the next event is, for to hold a whole batch of it is what costs a worker most of its garbage collection. Without a limit no
 * clock is wrong: what the log holds was taken once.
 * @throws {EventRejected} at the end, naming the events whose clock is wrong (rule 11 of the graph model) or whose text is damaged
 */
export function* openEvents(
  queued: readonly QueuedEvent[],
  { eventAheadHoursMax }: { eventAheadHoursMax: number | undefined },
): Generator<ReceivedEvent, void> {
  const rejections: EventRejection[] = []
  for (const event of queued) {
    const result = openEvent(event, eventAheadHoursMax)
    if ('reason' in result) rejections.push(result)
    else if (rejections.length === 0) yield result
  }
  if (rejections.length > 0) throw new EventRejected(rejections)
}

function openEvent(queued: QueuedEvent, aheadHoursMax: number | undefined): ReceivedEvent | EventRejection {
  const payload = Buffer.from(queued.payload, 'base64')
  const event = parse(payload)
  if (event === undefined) {
    return { eventId: queued.id, kind: 'TEXT_DAMAGED', reason: 'The queued text of the event is damaged.' }
  }
  if (aheadHoursMax !== undefined && isAhead(event.eventTime, queued.receivedAt, aheadHoursMax)) {
    const reason = `The eventTime ${event.eventTime} is more than ${aheadHoursMax} h ahead of its arrival at ${queued.receivedAt}. Correct the producer's clock, or raise EVENT_AHEAD_HOURS_MAX, and retry.`
    return { eventId: queued.id, kind: 'EVENT_AHEAD', reason, pointer: '#/eventTime' }
  }
  return {
    id: queued.id,
    receivedAt: queued.receivedAt,
    event,
    payload,
    brokenFacets: queued.brokenFacets ?? [],
    warnings: queued.warnings ?? [],
  }
}

function isAhead(eventTime: string, receivedAt: string, hoursMax: number): boolean {
  const time = toInstant(eventTime)
  return time === undefined || time > new Date(Date.parse(receivedAt) + hoursMax * HOUR_MS).toISOString()
}

/** The receiver has validated this very text; undefined where it is not the same any more. */
function parse(payload: Buffer): LineageEvent | undefined {
  try {
    const text = gunzipSync(payload).toString('utf8')
    const value = toWellFormed(text, dropStructuralNulls(JSON.parse(text)))
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the receiver has validated this very text
    return value as LineageEvent
  } catch {
    return undefined
  }
}

/** Half a surrogate pair cannot be stored as text: Neo4j would give back another name than it was sent. */
function toWellFormed(text: string, value: unknown): unknown {
  // To look for one sign takes no time, unlike to ask a regular expression at each.
  return text.includes('\\u') && /\\u[dD][89a-fA-F]/.test(text) ? mapStrings(value) : value
}

function mapStrings(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(mapStrings)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [mapStrings(key), mapStrings(member)]),
  )
}
