import { toInstant, type Instant } from '../openlineage/time.ts'

/** Which events of the log are wanted; what is undefined does not matter. */
export interface LogFilter {
  /** The earliest eventTime. */
  from?: Instant | undefined
  /** Events of this eventTime and later ones are left out. */
  before?: Instant | undefined
  /** A part of the producer, such as `integration/spark`. */
  producer?: string | undefined
  /** RunEvents whose run belongs to the job, and its JobEvents. */
  job?: { namespace: string | undefined; name: string | undefined } | undefined
}

/**
 * A day such as `2026-11-22`, its midnight in UTC, or a time as events have it.
 * @throws {RangeError} for what is neither
 */
export function toFilterTime(text: string): Instant {
  const instant = toInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00Z` : text)
  if (instant === undefined)
    throw new RangeError(`"${text}" is no time. Write 2026-11-22 or 2026-11-22T10:30:00Z.`)
  return instant
}
