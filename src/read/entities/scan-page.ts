import { toCursor, type CursorValues } from '../page.ts'

/** Entries looked at for one page, where most of them are filtered away. */
const scannedMax = 5000
/** Entries read at once where some are filtered away. */
const filteredBatch = 500

export interface Scan<T> {
  limit: number
  /** The position behind which the page begins; undefined for the first. */
  after: CursorValues | undefined
  /** Entries behind a position, in the list's order. */
  read: (after: CursorValues | undefined, rows: number) => Promise<T[]>
  /** Undefined where every entry is wanted. */
  keeps: ((entry: T) => boolean) | undefined
  positionOf: (entry: T) => CursorValues
}

/**
 * A page of a list whose entries are filtered after they were read. It looks at so many entries and no more: a page may be short, even
 * empty, and still have a `next`.
 */
export async function scanPage<T>(scan: Scan<T>): Promise<{ page: T[]; next?: string }> {
  const { limit, read, keeps, positionOf } = scan
  const batch = keeps === undefined ? limit + 1 : Math.max(filteredBatch, limit + 1)
  const kept: T[] = []
  let after = scan.after
  for (let scanned = 0; scanned < scannedMax; scanned += batch) {
    // oxlint-disable-next-line no-await-in-loop -- each batch begins where the one before ended
    const entries = await read(after, batch)
    kept.push(...(keeps === undefined ? entries : entries.filter(keeps)))
    const lastOfPage = kept.length > limit ? kept[limit - 1] : undefined
    if (lastOfPage !== undefined)
      return { page: kept.slice(0, limit), next: toCursor(positionOf(lastOfPage)) }
    const last = entries.at(-1)
    if (entries.length < batch || last === undefined) return { page: kept }
    after = positionOf(last)
  }
  return { page: kept, ...(after !== undefined && { next: toCursor(after) }) }
}
