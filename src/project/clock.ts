import { toCanonicalJson } from '../openlineage/canonical-json.ts'
import type { EventType } from '../openlineage/events.ts'
import type { Instant } from '../openlineage/time.ts'

/**
 * When something was said, as one string that compares: the event's time, the rank of its type, its content hash. Of two values of
 * one thing the greater clock wins, so that every order of arrival ends alike (rule 1 of the graph model).
 */
export type Clock = string

/** Characters of the event's id in a clock; it only breaks ties at the same nanosecond. */
const CLOCK_ID_LENGTH = 12

const ranks: Record<EventType, number> = { START: 0, RUNNING: 1, OTHER: 2, COMPLETE: 3, ABORT: 3, FAIL: 3 }

export function toRank(eventType: EventType): number {
  return ranks[eventType]
}

export function toClock({ time, rank, event }: { time: Instant; rank: number; event: string }): Clock {
  return `${time}|${rank}|${event.slice(0, CLOCK_ID_LENGTH)}`
}

export function clockTime(clock: Clock): Instant {
  return clock.slice(0, clock.indexOf('|'))
}

/** A single value and when it was said. */
export interface Register<T> {
  clock: Clock
  value: T
}

/** A single value that several kinds of source may state: a higher standing wins, then the greater clock. */
export interface Claim<T> extends Register<T> {
  standing: number
}

/** What was said at a time; undefined where nothing was. */
export function toRegister<T>(value: T | undefined, clock: Clock): Register<T> | undefined {
  return value === undefined ? undefined : { clock, value }
}

export function newerOf<T extends Register<unknown>>(a: T | undefined, b: T | undefined): T | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return isAfter(b, a) ? b : a
}

export function strongerOf<T extends Claim<unknown>>(a: T | undefined, b: T | undefined): T | undefined {
  if (a === undefined || b === undefined) return a ?? b
  if (a.standing !== b.standing) return b.standing > a.standing ? b : a
  return isAfter(b, a) ? b : a
}

/** One event may state two values of one thing, at one clock: any choice will do, as long as every order makes the same. */
function isAfter(a: Register<unknown>, b: Register<unknown>): boolean {
  if (a.clock !== b.clock) return a.clock > b.clock
  return a.value !== b.value && toCanonicalJson(a.value) > toCanonicalJson(b.value)
}

export function earliestOf(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return b < a ? b : a
}

export function latestOf(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return b > a ? b : a
}
