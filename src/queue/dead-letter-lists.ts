import type { LetterKeys } from './dead-letter-groups.ts'
import type {
  DeadLetter,
  DeadLetterFilter,
  DeadLetterPage,
  DeadLetterSummary,
  ListOptions,
} from './dead-letters.ts'
import { isFaultKind } from './fault.ts'
import { isEventLabel, isQueuedEvent } from './lanes.ts'
import type { RedisClient } from './redis-client.ts'

/** Letters looked at for one page: where few match, the page is short and tells where to go on. */
const lookedAtMax = 2000
const lookedAtTogether = 100
/** Members that Redis looks at in one step of a search by the beginning of an id. */
const searchStep = 1000
const foundMax = 2

interface Place {
  id: string
  score: number
}

/** A page of the letters that match, in the order of their first failure. */
export async function listLetters(
  redis: RedisClient,
  keys: LetterKeys,
  { cursor, limit, filter = {}, newestFirst = false }: ListOptions,
): Promise<DeadLetterPage> {
  const letters: DeadLetterSummary[] = []
  const matches = toMatcher(filter)
  // Without a filter one more than the page tells whether there is a next one.
  const isFiltered = filter.producer !== undefined || filter.kind !== undefined
  const together = isFiltered ? lookedAtTogether : limit + 1
  let after = readCursor(cursor)
  for (let lookedAt = 0; lookedAt < lookedAtMax; lookedAt += together) {
    const places = await readPlacesAfter(redis, keys, { after, filter, newestFirst, limit: together })
    const rows = await Promise.all(places.map(async ({ id }) => await readSummary(redis, keys, id)))
    for (const [index, row] of rows.entries()) {
      if (letters.length === limit) return { letters, ...toNext(after) }
      after = places[index]
      if (row !== undefined && matches(row)) letters.push(row)
    }
    if (places.length < together) return { letters }
  }
  return { letters, ...toNext(after) }
}

function toNext(after: Place | undefined): { next?: string } {
  return after === undefined ? {} : { next: `${after.score}-${after.id}` }
}

/** A cursor that is none begins at the start. */
function readCursor(cursor: string | undefined): Place | undefined {
  const match = /^(\d+)-(.*)$/.exec(cursor ?? '')
  return match === null ? undefined : { score: Number(match[1]), id: match[2] ?? '' }
}

function toMatcher({ producer, kind }: DeadLetterFilter): (letter: DeadLetterSummary) => boolean {
  const part = producer?.toLowerCase()
  return (letter) =>
    (kind === undefined || letter.kind === kind) &&
    (part === undefined || (letter.label?.producer ?? '').toLowerCase().includes(part))
}

/** Redis orders by score, then by id; those that share the score of the place are told apart here. */
async function readPlacesAfter(
  redis: RedisClient,
  keys: LetterKeys,
  {
    after,
    filter,
    newestFirst,
    limit,
  }: { after: Place | undefined; filter: DeadLetterFilter; newestFirst: boolean; limit: number },
): Promise<Place[]> {
  const from = filter.from === undefined ? '-inf' : Date.parse(filter.from)
  const to = filter.to === undefined ? '+inf' : `(${Date.parse(filter.to)}`
  const sharing = after === undefined ? 0 : await redis.zcount(keys.index, after.score, after.score)
  const count = limit + sharing
  const flat = newestFirst
    ? await redis.zrevrangebyscore(keys.index, after?.score ?? to, from, 'WITHSCORES', 'LIMIT', 0, count)
    : await redis.zrangebyscore(keys.index, after?.score ?? from, to, 'WITHSCORES', 'LIMIT', 0, count)
  const places: Place[] = []
  for (let index = 0; index < flat.length; index += 2) {
    places.push({ id: flat[index] ?? '', score: Number(flat[index + 1]) })
  }
  const isBehind = (place: Place) => after === undefined || compare(place, after) * (newestFirst ? -1 : 1) > 0
  return places.filter(isBehind).slice(0, limit)
}

function compare(a: Place, b: Place): number {
  if (a.score !== b.score) return a.score - b.score
  return a.id < b.id ? -1 : Number(a.id > b.id)
}

/** Looks through the index: an id's beginning is what a person copies out of a table. */
export async function findLetterIds(
  redis: RedisClient,
  keys: LetterKeys,
  idStart: string,
): Promise<string[]> {
  const found = new Set<string>()
  let cursor = '0'
  do {
    const [next, flat] = await redis.zscan(keys.index, cursor, 'MATCH', `${idStart}*`, 'COUNT', searchStep)
    for (let index = 0; index < flat.length; index += 2) found.add(flat[index] ?? '')
    cursor = next
  } while (cursor !== '0' && found.size < foundMax)
  return [...found]
}

const summaryFields = ['summary', 'firstAt', 'lastAt', 'attempts'] as const

async function readSummary(
  redis: RedisClient,
  keys: LetterKeys,
  id: string,
): Promise<DeadLetterSummary | undefined> {
  return toSummary(id, await redis.hmget(keys.letter(id), ...summaryFields))
}

export async function readLetter(
  redis: RedisClient,
  keys: LetterKeys,
  id: string,
): Promise<DeadLetter | undefined> {
  const [text, ...fields] = await redis.hmget(keys.letter(id), 'event', ...summaryFields)
  const summary = toSummary(id, fields)
  if (summary === undefined || typeof text !== 'string') return undefined
  const event: unknown = JSON.parse(text)
  return isQueuedEvent(event) ? { ...summary, event } : undefined
}

/** Undefined where the letter was dropped in the meantime. */
function toSummary(id: string, fields: readonly (string | null)[]): DeadLetterSummary | undefined {
  const [text, firstAt, lastAt, attempts] = fields
  if (typeof text !== 'string' || typeof firstAt !== 'string' || typeof lastAt !== 'string') return undefined
  const summary: unknown = JSON.parse(text)
  if (typeof summary !== 'object' || summary === null) return undefined
  const said: Partial<Record<keyof DeadLetterSummary, unknown>> = summary
  return {
    id,
    kind: isFaultKind(said.kind) ? said.kind : 'MERGE_FAILED',
    reason: String(said.reason),
    ...(typeof said.pointer === 'string' && { pointer: said.pointer }),
    firstAt,
    lastAt,
    attempts: Number(attempts),
    bytes: Number(said.bytes),
    ...(isEventLabel(said.label) && { label: said.label }),
  }
}
