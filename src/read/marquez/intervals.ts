/** A stretch of time, as milliseconds since 1970; its end belongs to the next one. */
export interface Interval {
  startMs: number
  endMs: number
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const hoursShown = 24
const daysShown = 7

/** The last 24 hours, the one that runs included. */
export function lastHours(nowMs: number): Interval[] {
  const running = Math.floor(nowMs / hourMs) * hourMs
  return Array.from({ length: hoursShown }, (_, index) => {
    const startMs = running - (hoursShown - 1 - index) * hourMs
    return { startMs, endMs: startMs + hourMs }
  })
}

/**
 * The last seven days of a time zone, the one that runs included. Days on which clocks are put forward or back are shorter or longer.
 * @returns undefined for a time zone that nobody knows
 */
export function lastDays(nowMs: number, timezone: string): Interval[] | undefined {
  const zone = toZone(timezone)
  if (zone === undefined) return undefined
  const today = Math.floor((nowMs + offsetMs(zone, nowMs)) / dayMs) * dayMs
  const midnights = Array.from({ length: daysShown + 1 }, (_, index) =>
    toUtc(zone, today - (daysShown - 1 - index) * dayMs),
  )
  return midnights
    .slice(0, -1)
    .map((startMs, index) => ({ startMs, endMs: midnights[index + 1] ?? startMs + dayMs }))
}

function toZone(timezone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return undefined
  }
}

/** How far the clocks of a zone are ahead of UTC at a time. */
function offsetMs(zone: Intl.DateTimeFormat, atMs: number): number {
  const parts = new Map(zone.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]))
  const read = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  const local = Date.UTC(
    read('year'),
    read('month') - 1,
    read('day'),
    read('hour'),
    read('minute'),
    read('second'),
  )
  return local - Math.floor(atMs / 1000) * 1000
}

/** The time at which the clocks of a zone show what UTC's show at `localMs`. */
function toUtc(zone: Intl.DateTimeFormat, localMs: number): number {
  const guess = localMs - offsetMs(zone, localMs)
  return localMs - offsetMs(zone, guess)
}
