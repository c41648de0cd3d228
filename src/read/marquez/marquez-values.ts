import { toContentKey } from '../../openlineage/keys.ts'

const stateByOurs: Readonly<Record<string, string>> = {
  START: 'RUNNING',
  RUNNING: 'RUNNING',
  OTHER: 'RUNNING',
  COMPLETE: 'COMPLETED',
  FAIL: 'FAILED',
  ABORT: 'ABORTED',
}

/** A run's state in Marquez's words. */
export function toMarquezState(state: unknown): string {
  return (typeof state === 'string' ? stateByOurs[state] : undefined) ?? 'NEW'
}

/** Our words for a state of Marquez's. */
export function fromMarquezState(state: string): string[] {
  return Object.entries(stateByOurs).flatMap(([ours, theirs]) => (theirs === state ? [ours] : []))
}

/** A time as Marquez writes it, of one that Neo4j has written with `toString`: which leaves out seconds that are none. */
export function toTime(value: unknown): string | null {
  if (typeof value !== 'string') return null
  return value.length === minuteChars ? `${value.slice(0, -1)}:00Z` : value
}

/** Of `2026-11-22T10:00Z`. */
const minuteChars = 17

/** Marquez's ids are UUIDs: a key of ours written as one. What is no such key gets one that is made of it. */
export function toUuid(key: string): string {
  const hex = /^[0-9a-f]{32}$/.test(key) ? key : toContentKey(key)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** The key that a UUID of `toUuid` stands for. */
export function fromUuid(uuid: string): string {
  return uuid.replaceAll('-', '').toLowerCase()
}

export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

export function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

/** The maps of a list out of a row. */
export function maps(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isMap) : []
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A tag's name: with its value, where it has one. */
export function toTagName({ key, value }: Record<string, unknown>): string {
  return typeof value === 'string' && value !== '' ? `${String(key)}:${value}` : String(key)
}

/** The names of tags, each once. */
export function toTagNames(tags: unknown): string[] {
  return [...new Set(maps(tags).map(toTagName))].toSorted()
}
