import { Problem } from '../http/problem.ts'
import { text, wholeNumber, type Parameter } from '../http/parameters.ts'

const pageRowsDefault = 100
const pageRowsMax = 1000

/** The parameters of a list that is read page by page. */
export const pageParameters: { limit: Parameter<number>; cursor: Parameter<string | undefined> } = {
  limit: wholeNumber('Entries of a page.', { min: 1, max: pageRowsMax, default: pageRowsDefault }),
  cursor: text('Where to go on: `next` of the page before.'),
}

/** What the sorting of the last entry of a page is by: the next page begins behind it. */
export type CursorValues = readonly (string | number)[]

export function toCursor(values: CursorValues): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/**
 * The values of a cursor, which has to have so many; undefined without one.
 * @throws {Problem} `request-invalid` for a cursor that is not one of ours
 */
export function readCursor(cursor: string | undefined, count: number): CursorValues | undefined {
  if (cursor === undefined || cursor === '') return undefined
  const values = parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  if (values?.length === count) return values
  throw new Problem('request-invalid', { detail: 'cursor must be the `next` of a page, as it was answered.' })
}

function parse(json: string): CursorValues | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return isCursor(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isCursor(value: unknown): value is CursorValues {
  return Array.isArray(value) && value.every((one) => typeof one === 'string' || typeof one === 'number')
}

/** A page out of one row more than it holds: whether there is another page. */
export function toPage<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => CursorValues) {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const next = rows.length > limit && last !== undefined ? toCursor(cursorOf(last)) : undefined
  return { page, ...(next !== undefined && { next }) }
}
