import { Redis, type RedisOptions } from 'ioredis'
import type { Logger } from '../logger.ts'
import { QueueUnavailable } from './queue-errors.ts'

/** Longest wait for the first connection. */
const connectMsMax = 10_000
const reconnectMsMin = 50
/** Longest pause before a lost connection is opened again. */
export const reconnectMsMax = 1000
/** With a command under way and nothing received for so long, the connection is taken for dead and opened anew. */
const silentMsMax = 30_000
/** Longest wait for the answer to a health check. */
const pingMsMax = 1000

export interface RedisConnectionOptions {
  redisUrl: string
  /** Shown by CLIENT LIST. */
  connectionName: string
  /** `fail`: a command without answer rejects after so many milliseconds, or at once without connection. `wait`: it waits for Redis to return. */
  whenAway: { fail: { commandMsMax: number } } | 'wait'
  log: Logger
}

export interface RedisConnection {
  redis: Redis
  /** Ends the connection; what has no answer yet rejects. */
  close(): void
}

/**
 * Opens a connection that opens itself again whenever it is lost, and says so once an outage.
 * @throws {QueueUnavailable} when there is no Redis ready to serve
 */
export async function connectRedis(options: RedisConnectionOptions): Promise<RedisConnection> {
  const redis = new Redis(options.redisUrl, toRedisOptions(options))
  const outages = reportOutages(redis, options.log)
  const isReady = await waitUntilReady(redis)
  if (!isReady) {
    outages.stop()
    redis.disconnect()
    throw toConnectError(redis, outages.lastError())
  }
  return {
    redis,
    close() {
      outages.stop()
      redis.disconnect()
    },
  }
}

function toConnectError(redis: Redis, cause: Error | undefined): QueueUnavailable {
  const { host, port, path } = redis.options
  const place = path ?? `${host}:${port}`
  return new QueueUnavailable(
    `Redis at ${place} was not ready within ${connectMsMax / 1000} s: ${cause?.message ?? 'no answer'}.`,
    { cause },
  )
}

type LegacyOptions = RedisOptions & { replyMapping: 'legacy' }

function toRedisOptions({ connectionName, whenAway }: RedisConnectionOptions): LegacyOptions {
  const common: LegacyOptions = {
    // What BullMQ reads: arrays where newer servers would send maps.
    replyMapping: 'legacy',
    connectionName,
    retryStrategy: toReconnectPause,
    // After a failover the old primary refuses to write: only a new connection finds the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  }
  if (whenAway === 'wait') return { ...common, maxRetriesPerRequest: null, socketTimeout: silentMsMax }
  const { commandMsMax } = whenAway.fail
  return {
    ...common,
    // What a lost connection leaves unanswered rejects at once instead of being sent again.
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: commandMsMax,
    socketTimeout: 2 * commandMsMax,
  }
}

function toReconnectPause(attempt: number): number {
  const pause = Math.min(reconnectMsMin * 2 ** Math.min(attempt - 1, 10), reconnectMsMax)
  return Math.round(pause * (0.5 + Math.random() / 2))
}

interface OutageReport {
  lastError(): Error | undefined
  stop(): void
}

function reportOutages(redis: Redis, log: Logger): OutageReport {
  let lastError: Error | undefined
  let isSilent = false
  const warnOnce = (error?: Error) => {
    lastError = error ?? lastError
    if (isSilent) return
    isSilent = true
    log.warn({ reason: error?.message ?? 'closed' }, 'redis connection lost, opening it again')
  }
  redis.on('error', warnOnce)
  redis.on('close', () => warnOnce())
  redis.on('ready', () => {
    if (isSilent) log.info('redis connection opened again')
    isSilent = false
  })
  return {
    lastError: () => lastError,
    stop() {
      isSilent = true
    },
  }
}

async function waitUntilReady(redis: Redis): Promise<boolean> {
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), connectMsMax)
    redis.once('ready', () => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}

/** Whether Redis answers now, for a health check. */
export async function isAnswering({ redis }: RedisConnection): Promise<boolean> {
  if (redis.status !== 'ready') return false
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), pingMsMax)
  })
  const answer = redis.ping().then(
    () => true,
    () => false,
  )
  return await Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
