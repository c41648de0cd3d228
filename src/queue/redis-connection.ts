import { Cluster, type Redis } from 'ioredis'
import type { Logger } from '../logger.ts'
import { isWithin } from './is-within.ts'
import { QueueUnavailable } from './queue-errors.ts'
import { openRedis, type RedisClient, type RedisClientOptions } from './redis-client.ts'
import { reportOutages } from './redis-outages.ts'

/** Longest wait for the first connection. */
const connectMsMax = 10_000
/** Longest wait for the answer to a health check. */
const pingMsMax = 1000

export interface RedisConnectionOptions extends Omit<RedisClientOptions, 'connectionName'> {
  /** Prefix of the queue's names: in a cluster it tells the slot of all of them. */
  prefix: string
  /** What the connection is for: `prefix:role` is shown by CLIENT LIST. */
  role: string
  log: Logger
}

/** The server that takes the queue's writes at the moment. */
export interface Primary {
  redis: Redis
  /** Rises with every new connection to it: what was written on another may never have arrived. */
  epoch: number
}

export interface RedisConnection {
  redis: RedisClient
  /** Prefix of the queue's names. */
  prefix: string
  /** Where it is, for a person: without user and password. */
  place: string
  /** Undefined while a cluster does not know who it is. */
  primary: () => Primary | undefined
  /** Ends the connection; what has no answer yet rejects. */
  close(): void
}

/**
 * Opens a connection that opens itself again whenever it is lost, and says so once an outage.
 * @throws {QueueUnavailable} when there is no Redis ready to serve
 * @throws {RedisUrlUnclear} for a URL that cannot be understood
 */
export async function connectRedis(options: RedisConnectionOptions): Promise<RedisConnection> {
  const { prefix, role, log } = options
  const { client, place } = openRedis({ ...options, connectionName: `${prefix}:${role}` })
  const outages = reportOutages(client, log)
  const close = () => {
    outages.stop()
    client.disconnect()
  }
  try {
    const isReady = await waitUntilReady(client)
    if (!isReady) throw toConnectError(place, outages.lastError())
    return { redis: client, prefix, place, primary: await watchPrimary(client, prefix), close }
  } catch (error) {
    close()
    throw error
  }
}

async function watchPrimary(client: RedisClient, prefix: string): Promise<() => Primary | undefined> {
  if (client instanceof Cluster) return await watchSlot(client, prefix)
  let epoch = 0
  client.on('close', () => (epoch += 1))
  return () => ({ redis: client, epoch })
}

/** Nodes of a cluster are never connected to twice by one object: a new connection is a new one. */
async function watchSlot(cluster: Cluster, prefix: string): Promise<() => Primary | undefined> {
  const slot = await cluster.cluster('KEYSLOT', prefix)
  return () => {
    const [holder] = cluster.slots[slot] ?? []
    const redis = cluster.nodes('master').find(({ options: { host, port } }) => `${host}:${port}` === holder)
    return redis === undefined ? undefined : { redis, epoch: 0 }
  }
}

function toConnectError(place: string, cause: Error | undefined): QueueUnavailable {
  return new QueueUnavailable(
    `Redis at ${place} was not ready within ${connectMsMax / 1000} s: ${cause?.message ?? 'no answer'}.`,
    { cause },
  )
}

async function waitUntilReady(client: RedisClient): Promise<boolean> {
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), connectMsMax)
    client.once('ready', () => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}

/** Whether the Redis that takes the queue's writes answers now, for a health check. */
export async function isAnswering({ redis, prefix, primary }: RedisConnection): Promise<boolean> {
  const asked = redis.status === 'ready' ? primary()?.redis : undefined
  if (asked === undefined) return false
  // Not PING: a cluster that has lost too many nodes answers that, and takes no events.
  return await isWithin(asked.exists(prefix), pingMsMax).catch(() => false)
}
