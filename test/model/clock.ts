import type { LineageEvent } from '../../src/openlineage/events.ts'
import { isRunEvent } from './kinds.ts'

/** When something was said: later, higher in rank, greater in id. No two events have one clock. */
export interface Clock {
  /** Nanoseconds since 1970. */
  time: bigint
  rank: number
  id: string
}

/** An event with its id, the SHA-256 of its text, and its clock. */
export interface Told<E extends LineageEvent = LineageEvent> {
  event: E
  clock: Clock
}

const ranks: Readonly<Record<string, number>> = { START: 0, RUNNING: 1, OTHER: 2 }
const terminalRank = 3

export function clockOf(id: string, event: LineageEvent): Clock {
  const type = isRunEvent(event) ? (event.eventType ?? 'OTHER') : 'OTHER'
  return { time: instantOf(event.eventTime), rank: ranks[type] ?? terminalRank, id }
}

/** Nanoseconds since 1970 of a time that says its zone. */
export function instantOf(text: string): bigint {
  const [, whole = '', fraction = '', zone = ''] = /^([^.]+?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? []
  return BigInt(Date.parse(whole + zone)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}

export function compareClocks(a: Clock, b: Clock): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1
  if (a.rank !== b.rank) return a.rank - b.rank
  return compareTexts(a.id, b.id)
}

export function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The greatest of a list in an order; of equals the later one. */
export function greatest<T>(list: readonly T[], compare: (a: T, b: T) => number): T | undefined {
  return list.reduce<T | undefined>(
    (best, one) => (best === undefined || compare(one, best) >= 0 ? one : best),
    undefined,
  )
}

export function newest<T extends { clock: Clock }>(list: readonly T[]): T | undefined {
  return greatest(list, (a, b) => compareClocks(a.clock, b.clock))
}

export function oldest<T extends { clock: Clock }>(list: readonly T[]): T | undefined {
  return greatest(list, (a, b) => compareClocks(b.clock, a.clock))
}
