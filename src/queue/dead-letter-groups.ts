import type { Fault } from './fault.ts'
import type { QueuedEvent } from './queued-event.ts'
import type { RedisClient } from './redis-client.ts'

export interface LetterKeys {
  /** Ids by the time they first failed. */
  index: string
  /** How many letters each group has. */
  groups: string
  letter: (id: string) => string
}

/** The letters of one kind from one producer. */
export interface LetterGroup {
  kind: string
  producer: string
  letters: number
}

/** Counts in the same step: two steps would drift apart with the first process that ends in between. */
const addScript = `
local before = redis.call('HGET', KEYS[1], 'group')
if before ~= ARGV[4] then
  if before and redis.call('HINCRBY', KEYS[3], before, -1) <= 0 then redis.call('HDEL', KEYS[3], before) end
  redis.call('HINCRBY', KEYS[3], ARGV[4], 1)
end
redis.call('ZADD', KEYS[2], 'NX', ARGV[2], ARGV[1])
redis.call('HSETNX', KEYS[1], 'firstAt', ARGV[3])
redis.call('HSET', KEYS[1], 'group', ARGV[4], 'lastAt', ARGV[3], 'event', ARGV[5], 'summary', ARGV[6])
return redis.call('HINCRBY', KEYS[1], 'attempts', 1)
`

export async function addLetter(
  redis: RedisClient,
  keys: LetterKeys,
  { event, fault, at }: { event: QueuedEvent; fault: Fault; at: Date },
): Promise<void> {
  const { id, bytes, label } = event
  const { kind, reason, pointer } = fault
  await redis.eval(
    addScript,
    3,
    keys.letter(id),
    keys.index,
    keys.groups,
    id,
    at.getTime(),
    at.toISOString(),
    JSON.stringify([kind, label?.producer ?? '']),
    JSON.stringify(event),
    JSON.stringify({ kind, reason, pointer, bytes, label }),
  )
}

/** Compares and drops in one step: a letter that failed again between the two would be lost otherwise. */
const dropScript = `
if ARGV[2] ~= '' and redis.call('HGET', KEYS[1], 'attempts') ~= ARGV[2] then return 0 end
local group = redis.call('HGET', KEYS[1], 'group')
if group and redis.call('HINCRBY', KEYS[3], group, -1) <= 0 then redis.call('HDEL', KEYS[3], group) end
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('DEL', KEYS[1])
`

export async function dropLetter(
  redis: RedisClient,
  keys: LetterKeys,
  { id, attempts }: { id: string; attempts: number | undefined },
): Promise<boolean> {
  const dropped = await redis.eval(
    dropScript,
    3,
    keys.letter(id),
    keys.index,
    keys.groups,
    id,
    attempts ?? '',
  )
  return dropped === 1
}

export async function readGroups(redis: RedisClient, keys: LetterKeys): Promise<LetterGroup[]> {
  const counts = await redis.hgetall(keys.groups)
  return Object.entries(counts).flatMap(([group, letters]) => {
    const parts: unknown = JSON.parse(group)
    if (!Array.isArray(parts)) return []
    const [kind, producer]: unknown[] = parts
    return [{ kind: String(kind), producer: String(producer), letters: Number(letters) }]
  })
}
