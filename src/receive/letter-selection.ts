import { Problem } from '../http/problem.ts'
import { queryOf, readValue, refuseOthers, type ValueReading } from '../http/request-values.ts'
import type { IncomingMessage } from 'node:http'
import { isJsonObject } from '../openlineage/json-object.ts'
import { toPointInTime } from '../openlineage/point-in-time.ts'
import type { DeadLetterFilter } from '../queue/dead-letters.ts'
import { faultKinds, isFaultKind } from '../queue/fault.ts'
import { parseEventText } from './parse-event.ts'
import { readBody } from './read-body.ts'

/** Letters that a request acts on: named one by one, or by what they have in common. */
export type LetterSelection = { ids: string[] } | { filter: DeadLetterFilter; cursor: string | undefined }

const selectionBytesMax = 1024 * 1024
export const selectionIdsMax = 1000

const filterNames = ['producer', 'kind', 'from', 'to'] as const
const text: ValueReading<string> = { parse: (value) => value, expected: 'must be a text' }

/** The filter in a query that may have these other parameters. */
export function readFilter(query: URLSearchParams, others: readonly string[]): DeadLetterFilter {
  refuseOthers(query, [...filterNames, ...others])
  const nowMs = Date.now()
  const time: ValueReading<string> = {
    parse: (value) => toPointInTime(value, nowMs),
    expected:
      'must be a time such as 2026-11-22T10:30:00Z, a day such as 2026-11-22, or how long ago: 90m, 24h, 7d',
  }
  return {
    producer: readValue(query, 'producer', text),
    kind: readValue(query, 'kind', {
      parse: (value) => (isFaultKind(value) ? value : undefined),
      expected: `must be one of ${Object.keys(faultKinds).join(', ')}`,
    }),
    from: readValue(query, 'from', time),
    to: readValue(query, 'to', time),
  }
}

export function readListing(request: IncomingMessage, others: readonly string[]) {
  const query = queryOf(request)
  return { query, filter: readFilter(query, others), cursor: readValue(query, 'cursor', text) }
}

/**
 * The selection in a body: `{"ids": […]}`, `{"all": true}`, or at least one of the members of a filter.
 * @throws {Problem} `request-invalid` where none is named: nobody shall drop all by leaving out a word
 */
export async function readSelection(request: IncomingMessage): Promise<LetterSelection> {
  const { text: body } = await readBody(request, { bodyBytesMax: selectionBytesMax })
  const value = parseEventText(body)
  if (!isJsonObject(value)) throw toInvalid('The body must be a JSON object.')
  const { ids, all, cursor, ...members } = value
  if (ids !== undefined) return { ids: readIds(ids, { all, cursor, ...members }) }
  if (all !== true && Object.keys(members).length === 0) {
    throw toInvalid(
      'Name the letters: {"ids": ["…"]}, a filter such as {"kind": "EVENT_AHEAD"}, or {"all": true}.',
    )
  }
  const query = new URLSearchParams()
  for (const [name, member] of Object.entries(members)) {
    if (typeof member !== 'string') throw toInvalid(`${name} must be a text.`)
    query.set(name, member)
  }
  if (cursor !== undefined && typeof cursor !== 'string') throw toInvalid('cursor must be a text.')
  return { filter: readFilter(query, ['all', 'ids', 'cursor']), cursor }
}

function readIds(ids: unknown, others: Record<string, unknown>): string[] {
  const other = Object.entries(others).find(([, value]) => value !== undefined)
  if (other !== undefined) throw toInvalid(`Send either ids or ${other[0]}.`)
  const isList = Array.isArray(ids) && ids.length > 0 && ids.length <= selectionIdsMax
  if (!isList) throw toInvalid(`ids must be a list of 1 to ${selectionIdsMax} ids.`)
  return ids.map((id: unknown) => {
    if (typeof id !== 'string') throw toInvalid('ids must be texts.')
    return id
  })
}

function toInvalid(detail: string): Problem {
  return new Problem('request-invalid', { detail })
}
