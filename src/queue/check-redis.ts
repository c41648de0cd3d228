import { Cluster, type Redis } from 'ioredis'
import type { Logger } from '../logger.ts'
import type { ReplicaLimits } from './confirm-replicas.ts'
import type { RedisConnection } from './redis-connection.ts'
import { readInfo } from './redis-info.ts'

/** The first Redis with all commands that are used here. */
const oldestVersion = { major: 6, minor: 2 }

/** A Redis that cannot keep the queue's promises, with what to do about it. */
export class RedisUnfit extends Error {
  override name = 'RedisUnfit'
}

/**
 * Looks once whether this Redis can keep what the queue promises; warns of what weakens it. Of a cluster every node is looked at
 * that answers: any of them may hold the queue one day.
 * @throws {RedisUnfit} when it is too old, or would throw accepted events away to make room
 */
export async function checkRedis({ redis }: RedisConnection, log: Logger): Promise<void> {
  if (!(redis instanceof Cluster)) return await checkServer(redis, log)
  await Promise.all(redis.nodes().map(async (node) => await checkNode(node, log)))
}

async function checkNode(redis: Redis, log: Logger): Promise<void> {
  const node = `${redis.options.host}:${redis.options.port}`
  try {
    await checkServer(redis, log.child({ node }))
  } catch (error) {
    if (error instanceof RedisUnfit) throw new RedisUnfit(`${node}: ${error.message}`, { cause: error })
    // A node that is away is told by the connection, and the cluster does without it.
  }
}

async function checkServer(redis: Redis, log: Logger): Promise<void> {
  const info = readInfo(await redis.info())
  checkVersion(info.get('redis_version') ?? '')
  checkEviction(info, log)
  await checkDurability(redis, info, log)
}

/** Warns where fewer replicas follow than must confirm an event: all would be answered 503. And where some do that nobody waits for. */
export async function checkReplicas(
  { primary }: RedisConnection,
  { replicasMin = 0, log }: ReplicaLimits & { log: Logger },
): Promise<void> {
  const info = readInfo((await primary()?.redis.info('replication')) ?? '')
  const replicas = Number(info.get('connected_slaves') ?? 0)
  if (replicas < replicasMin) {
    log.warn(
      { replicas, replicasMin },
      'redis has fewer replicas than REDIS_REPLICAS_MIN, events are answered 503 until they follow',
    )
  } else if (replicas > 0 && replicasMin === 0) {
    log.warn(
      { replicas },
      'redis has replicas, but REDIS_REPLICAS_MIN is 0: accepted events may be lost when one of them takes over',
    )
  }
}

function checkVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isNewEnough =
    major > oldestVersion.major || (major === oldestVersion.major && minor >= oldestVersion.minor)
  if (isNewEnough) return
  throw new RedisUnfit(
    `Redis ${oldestVersion.major}.${oldestVersion.minor} or newer is needed; this one is ${version || 'of an unknown version'}.`,
  )
}

function checkEviction(info: ReadonlyMap<string, string>, log: Logger): void {
  const policy = info.get('maxmemory_policy')
  if (policy === undefined || policy === 'noeviction') return
  const isMemoryLimited = Number(info.get('maxmemory')) > 0
  if (isMemoryLimited) {
    throw new RedisUnfit(
      `Redis has maxmemory-policy ${policy}: when its memory is full it would throw accepted events away. Set maxmemory-policy noeviction.`,
    )
  }
  log.warn(
    { policy },
    'redis would evict queued events if maxmemory were set, set maxmemory-policy noeviction',
  )
}

async function checkDurability(redis: Redis, info: ReadonlyMap<string, string>, log: Logger): Promise<void> {
  if (info.get('aof_enabled') === '0') {
    log.warn('redis has no append-only file, accepted events are lost when it ends: set appendonly yes')
    return
  }
  const fsync = await readFsyncPolicy(redis)
  if (fsync === undefined || fsync === 'always') return
  log.warn({ appendfsync: fsync }, 'redis may lose its last second of events, set appendfsync always')
}

/** Hosted Redis often forbids CONFIG; then nothing is known. */
async function readFsyncPolicy(redis: Redis): Promise<string | undefined> {
  try {
    const reply: unknown = await redis.config('GET', 'appendfsync')
    const value: unknown = Array.isArray(reply) ? reply[1] : undefined
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
