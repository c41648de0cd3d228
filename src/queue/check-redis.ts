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

export interface RedisCheck {
  /** Warns of what it would refuse: somebody has decided that this Redis will do. */
  insist: boolean
  log: Logger
}

type Info = ReadonlyMap<string, string>

/**
 * Looks once whether this Redis can keep what the queue promises; warns of what weakens it. Of a cluster every node is looked at
 * that answers: any of them may hold the queue one day.
 * @throws {RedisUnfit} naming all that is wrong: when it is too old, would throw accepted events away, or would lose them with its end
 */
export async function checkRedis({ redis }: RedisConnection, { insist, log }: RedisCheck): Promise<void> {
  if (!(redis instanceof Cluster)) return await checkServer(redis, { insist, log })
  await Promise.all(redis.nodes().map(async (node) => await checkNode(node, { insist, log })))
}

async function checkNode(redis: Redis, { insist, log }: RedisCheck): Promise<void> {
  const node = `${redis.options.host}:${redis.options.port}`
  try {
    await checkServer(redis, { insist, log: log.child({ node }) })
  } catch (error) {
    if (error instanceof RedisUnfit) throw new RedisUnfit(`${node}: ${error.message}`, { cause: error })
    // A node that is away is told by the connection, and the cluster does without it.
  }
}

async function checkServer(redis: Redis, { insist, log }: RedisCheck): Promise<void> {
  const info = readInfo(await redis.info())
  checkVersion(info.get('redis_version') ?? '')
  const faults = findFaults(info)
  if (faults.length > 0 && !insist) {
    throw new RedisUnfit(
      `${faults.join(' ')} REDIS_ANYWAY=1 starts with this Redis all the same, at the risk of losing accepted events.`,
    )
  }
  for (const fault of faults)
    log.warn({ fault }, 'redis is unfit and used all the same, as REDIS_ANYWAY says')
  if (info.get('aof_enabled') === '1') await warnOfFsync(redis, log)
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

function findFaults(info: Info): string[] {
  return [toEvictionFault(info), toFileFault(info), toMemoryFault(info)].filter(
    (fault) => fault !== undefined,
  )
}

/** Without maxmemory nothing is evicted yet: that may be set at any time, and nobody would look here again. */
function toEvictionFault(info: Info): string | undefined {
  const policy = info.get('maxmemory_policy')
  if (policy === undefined || policy === 'noeviction') return undefined
  return `Redis has maxmemory-policy ${policy}: when its memory is full it would throw accepted events away. Set maxmemory-policy noeviction.`
}

function toFileFault(info: Info): string | undefined {
  if (info.get('aof_enabled') !== '0') return undefined
  return 'Redis has no append-only file: accepted events are lost when it ends. Set appendonly yes.'
}

/** What it holds for its replicas and its file does not count. */
function toMemoryFault(info: Info): string | undefined {
  const most = Number(info.get('maxmemory') ?? 0)
  const used = Number(info.get('used_memory') ?? 0) - Number(info.get('mem_not_counted_for_evict') ?? 0)
  if (most === 0 || used < most) return undefined
  return `Redis is at its maxmemory (${used} of ${most} bytes): it takes no event, and lets none be taken out. Raise maxmemory, or remove what else fills it.`
}

async function warnOfFsync(redis: Redis, log: Logger): Promise<void> {
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
