import { toInstant, type Instant } from '../../openlineage/time.ts'
import type { CursorValues } from '../page.ts'

/** Behind and before every time that an event may have. */
export const latest: Instant = '9999-12-31T23:59:59.999999999Z'
export const earliest: Instant = '0001-01-01T00:00:00.000000000Z'

/** Behind every text. */
export const lastText = '\u{10FFFF}'

/** Where a list by time, the newest first, goes on: before this time, or at it and behind this text. */
export function toTimePosition(
  after: CursorValues | undefined,
  to: Instant = latest,
): { at: Instant; behind: string } {
  const [at = to, behind = lastText] = (after ?? []).map(String)
  // A cursor that was tampered with names no time: it is read as the end of the list.
  return { at: toInstant(at) ?? earliest, behind }
}
