import { packstream, type BoltStructure } from './bolt-package.ts'

/** What Bolt 5 calls a DATETIME with an offset: seconds since 1970 in UTC, nanoseconds, seconds of the offset. */
const dateTimeSignature = 0x49

/**
 * A ZONED DATETIME, ready to be packed. The driver would take its own DateTime apart in some thirty steps of 64-bit arithmetic, each an
 * object of its own: of 15 times an event that was a fifth of a worker's garbage.
 */
export function toDateTimeStructure(seconds: unknown, nanoseconds: unknown, offset: unknown): BoltStructure {
  return new packstream.structure.Structure(dateTimeSignature, [seconds, nanoseconds, offset])
}
