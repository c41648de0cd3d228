import type { Instant } from '../../openlineage/time.ts'

/** The schema of a version that a run wrote. */
export interface WrittenSchema {
  schema: string
  writtenAt: Instant
  /** Of the version. */
  key: string
}

/** A time in which one schema held. */
export interface SchemaPeriod {
  schema: string
  from: Instant
  /** When the next schema was written; undefined for the one that holds now. */
  to: Instant | undefined
  /** Versions written in it. */
  versions: number
  /** The key of the oldest of them: where the list goes on. */
  oldestKey: string
}

/**
 * The periods in which schemas held, the newest first: versions that follow each other with one schema are one period.
 * @param written the newest first
 * @param isWhole false where older versions were not read. The oldest period may be longer then than can be seen: it is left out,
 *   unless it is the only one
 */
export function toPeriods(
  written: readonly WrittenSchema[],
  { isWhole, heldTo }: { isWhole: boolean; heldTo?: Instant | undefined },
): SchemaPeriod[] {
  const periods: SchemaPeriod[] = []
  for (const { schema, writtenAt, key } of written) {
    const newer = periods.at(-1)
    if (newer?.schema === schema) {
      newer.from = writtenAt
      newer.oldestKey = key
      newer.versions += 1
    } else {
      periods.push({ schema, from: writtenAt, to: newer?.from ?? heldTo, versions: 1, oldestKey: key })
    }
  }
  return isWhole || periods.length < 2 ? periods : periods.slice(0, -1)
}
