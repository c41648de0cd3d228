import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import type { RedisConnection } from './redis-connection.ts'

/** What a queue is known by. */
export interface QueueGeneration {
  /** A random mark, in Redis since the queue was first used: another one, or none, means that Redis has lost what it held. */
  generation: string
  /** Where it is, as this process sees it; several Redis may have one address, seen from several places. */
  address: string
}

type Place = Pick<RedisConnection, 'redis' | 'prefix' | 'place'>

/** Reads the mark of the queue's generation, and leaves one where there is none. */
export async function readGeneration({ redis, prefix, place }: Place): Promise<QueueGeneration> {
  const key = `${prefix}:generation`
  // Of several that find none, one is first.
  await redis.set(key, randomUUID(), 'NX')
  const generation = await redis.get(key)
  if (generation === null) throw new Error('the mark of the queue was removed as soon as it was left')
  // A cluster has no databases.
  const database = redis instanceof Redis ? `/${redis.options.db ?? 0}` : ''
  return { generation, address: `${prefix}@${place}${database}` }
}
