import type { Redis } from 'ioredis'
import type { Logger } from '../logger.ts'
import { isQueuedEvent } from './lanes.ts'
import type { QueuedEvent } from './queued-event.ts'
import { connectRedis } from './redis-connection.ts'

/** What is known of an event that failed for good, without the event itself, which may be large. */
export interface DeadLetterSummary {
  id: string
  /** Why it cannot be merged, a sentence. */
  reason: string
  /** When it first and last failed, ISO 8601 in UTC. */
  firstAt: string
  lastAt: string
  /** How many times it failed. */
  attempts: number
}

export interface DeadLetter extends DeadLetterSummary {
  event: QueuedEvent
}

export interface DeadLetterPage {
  letters: DeadLetterSummary[]
  /** Where the next page begins; absent on the last one. */
  next?: string
}

/** The events that failed for good, one letter an event, the oldest first. They stay until somebody retries or drops them. */
export interface DeadLetters {
  /** Resolves once the letter is durable. A repeat adds to the letter that is there. */
  add(event: QueuedEvent, reason: string): Promise<void>
  list(page: { cursor?: string; limit: number }): Promise<DeadLetterPage>
  show(id: string): Promise<DeadLetter | undefined>
  /** Whether there was such a letter. With `attempts` it is dropped only if it has not failed again since. */
  drop(id: string, onlyWith?: { attempts: number }): Promise<boolean>
  count(): Promise<number>
  close(): void
}

const commandMsMax = 5000

/** @throws {QueueUnavailable} when there is no Redis */
export async function connectDeadLetters(options: {
  redisUrl: string
  prefix: string
  log: Logger
}): Promise<DeadLetters> {
  const { redisUrl, prefix, log } = options
  const connectionName = `${prefix}:dead-letters`
  const connection = await connectRedis({
    redisUrl,
    connectionName,
    whenAway: { fail: { commandMsMax } },
    log,
  })
  const { redis } = connection
  const keys = toKeys(prefix)
  return {
    add: async (event, reason) => await addLetter(redis, keys, { event, reason, at: new Date() }),
    list: async (page) => await listLetters(redis, keys, page),
    show: async (id) => await readLetter(redis, keys, id),
    drop: async (id, onlyWith) => await dropLetter(redis, keys, { id, attempts: onlyWith?.attempts }),
    count: async () => await redis.zcard(keys.index),
    close: () => connection.close(),
  }
}

interface Keys {
  /** Ids by the time they first failed. */
  index: string
  letter: (id: string) => string
}

function toKeys(prefix: string): Keys {
  return { index: `${prefix}:dead-letters`, letter: (id) => `${prefix}:dead-letter:${id}` }
}

async function addLetter(
  redis: Redis,
  keys: Keys,
  { event, reason, at }: { event: QueuedEvent; reason: string; at: Date },
): Promise<void> {
  const letter = keys.letter(event.id)
  const results = await redis
    .multi()
    .hsetnx(letter, 'firstAt', at.toISOString())
    .hset(letter, { event: JSON.stringify(event), reason, lastAt: at.toISOString() })
    .hincrby(letter, 'attempts', 1)
    .zadd(keys.index, 'NX', at.getTime(), event.id)
    .exec()
  if (results === null) throw new Error('redis did not keep the dead letter')
  for (const [error] of results) {
    if (error !== null) throw error
  }
}

const summaryFields = ['reason', 'firstAt', 'lastAt', 'attempts'] as const

async function listLetters(
  redis: Redis,
  keys: Keys,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<DeadLetterPage> {
  const ids = await readIdsAfter(redis, keys, { cursor, limit: limit + 1 })
  const pageIds = ids.slice(0, limit)
  const rows = await Promise.all(
    pageIds.map(async ({ id }) => toSummary(id, await redis.hmget(keys.letter(id), ...summaryFields))),
  )
  const letters = rows.filter((row) => row !== undefined)
  const last = pageIds.at(-1)
  const hasMore = ids.length > limit && last !== undefined
  return hasMore ? { letters, next: `${last.score}-${last.id}` } : { letters }
}

/** Ids that stand behind the cursor. Redis orders by score, then by id; those that share the cursor's score are told apart here. */
async function readIdsAfter(
  redis: Redis,
  keys: Keys,
  { cursor, limit }: { cursor: string | undefined; limit: number },
): Promise<{ id: string; score: number }[]> {
  const after = readCursor(cursor)
  const sharing = after === undefined ? 0 : await redis.zcount(keys.index, after.score, after.score)
  const flat = await redis.zrange(
    keys.index,
    after?.score ?? '-inf',
    '+inf',
    'BYSCORE',
    'LIMIT',
    0,
    limit + sharing,
    'WITHSCORES',
  )
  const rows: { id: string; score: number }[] = []
  for (let index = 0; index < flat.length; index += 2) {
    rows.push({ id: flat[index] ?? '', score: Number(flat[index + 1]) })
  }
  const isBehind = (row: { id: string; score: number }) =>
    after === undefined || row.score > after.score || row.id > after.id
  return rows.filter(isBehind).slice(0, limit)
}

/** A cursor that is none begins at the start. */
function readCursor(cursor: string | undefined): { score: number; id: string } | undefined {
  const match = /^(\d+)-(.*)$/.exec(cursor ?? '')
  return match === null ? undefined : { score: Number(match[1]), id: match[2] ?? '' }
}

async function readLetter(redis: Redis, keys: Keys, id: string): Promise<DeadLetter | undefined> {
  const [text, ...fields] = await redis.hmget(keys.letter(id), 'event', ...summaryFields)
  const summary = toSummary(id, fields)
  if (summary === undefined || typeof text !== 'string') return undefined
  const event: unknown = JSON.parse(text)
  return isQueuedEvent(event) ? { ...summary, event } : undefined
}

/** Undefined where the letter was dropped in the meantime. */
function toSummary(id: string, fields: readonly (string | null)[]): DeadLetterSummary | undefined {
  const [reason, firstAt, lastAt, attempts] = fields
  const isThere = typeof reason === 'string' && typeof firstAt === 'string' && typeof lastAt === 'string'
  return isThere ? { id, reason, firstAt, lastAt, attempts: Number(attempts) } : undefined
}

/** Compares and drops in one step: a letter that failed again between the two would be lost otherwise. */
const dropScript = `
if ARGV[2] ~= '' and redis.call('HGET', KEYS[1], 'attempts') ~= ARGV[2] then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('DEL', KEYS[1])
`

async function dropLetter(
  redis: Redis,
  keys: Keys,
  { id, attempts }: { id: string; attempts: number | undefined },
): Promise<boolean> {
  const dropped = await redis.eval(dropScript, 2, keys.letter(id), keys.index, id, attempts ?? '')
  return dropped === 1
}
