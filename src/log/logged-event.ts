import type { Instant } from '../openlineage/time.ts'

/** An event as its Event node keeps it. */
export interface LoggedEvent {
  id: string
  eventTime: Instant
  receivedAt: Instant
  /** Of a RunEvent. */
  eventType: string | undefined
  producer: string
  /** The kinds of what the receiver warned of. */
  warnings: string[]
  /** Its text as received, gzip. */
  payload: Buffer
}

/** What people have changed, as its Change node keeps it. */
export interface LoggedChange {
  id: string
  at: Instant
  kind: string
  /** What is to hold from then on; its form depends on the kind. */
  payload: string
  by: string | undefined
}

/** A place in the log, which is ordered by `time`, then `id`. */
export interface LogPosition {
  time: Instant
  id: string
}

const trailerBytes = 4

/** Bytes of the event's text, out of the trailer of its gzip stream. */
export function inflatedBytesOf(payload: Buffer): number {
  return payload.length < trailerBytes ? 0 : payload.readUInt32LE(payload.length - trailerBytes)
}
