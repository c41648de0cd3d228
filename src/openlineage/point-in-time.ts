import { toInstant, type Instant } from './time.ts'

const msByUnit: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * A point in time as people write it: an event's time, a day such as `2026-11-22` (its midnight in UTC), or how long ago: `90m`,
 * `24h`, `7d`.
 * @returns undefined for what is none of these
 */
export function toPointInTime(text: string, nowMs: number): Instant | undefined {
  const agoMs = toDurationMs(text)
  if (agoMs !== undefined) return toInstantOf(nowMs - agoMs)
  return toInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00Z` : text)
}

/** Milliseconds of `90m`, `24h` or `7d`; undefined for anything else. */
export function toDurationMs(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  return count === undefined ? undefined : Number(count) * (msByUnit[unit] ?? 0)
}

/** The instant of a number of milliseconds since 1970; undefined outside the years that an instant can have. */
export function toInstantOf(epochMs: number): Instant | undefined {
  const date = new Date(epochMs)
  return Number.isNaN(date.getTime()) ? undefined : toInstant(date.toISOString())
}
