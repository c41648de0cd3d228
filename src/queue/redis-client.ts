import { Cluster, Redis, type ClusterOptions, type RedisOptions } from 'ioredis'
import {
  describeAddress,
  readRedisAddress,
  type ClusterAddress,
  type SentinelAddress,
} from './redis-address.ts'

/** A connection to a Redis, or to all nodes of a cluster; a command with a key finds its node. */
export type RedisClient = Redis | Cluster

const reconnectMsMin = 50
/** Longest pause before a lost connection is opened again. */
export const reconnectMsMax = 1000
/** With a command under way and nothing received for so long, the connection is taken for dead and opened anew. */
const silentMsMax = 30_000
/** Pause before a command that a node of a cluster did not take is sent again, and how often: what fails at all fails in seconds. */
const resendMs = 100
const resendsMax = 16
/** How long a node of a cluster may take to tell where the slots are. */
const slotsMsMax = 3000

export interface RedisClientOptions {
  redisUrl: string
  /** Shown by CLIENT LIST. */
  connectionName: string
  /** `fail`: a command without answer rejects after so many milliseconds, or at once without connection. `wait`: it waits for Redis to return. */
  whenAway: { fail: { commandMsMax: number } } | 'wait'
}

export interface OpenedRedis {
  client: RedisClient
  /** Where it is, for a person: without user and password. */
  place: string
}

/**
 * Opens a connection that opens itself again: to one server, to whom the Sentinels name, or to all nodes of a cluster.
 * @throws {RedisUrlUnclear} for a URL that cannot be understood
 */
export function openRedis(options: RedisClientOptions): OpenedRedis {
  const address = readRedisAddress(options.redisUrl)
  if (address.kind === 'cluster') {
    return { client: openCluster(address, options), place: describeAddress(address) }
  }
  const common = { ...toCommonOptions(options), ...toReconnecting(options) }
  if (address.kind === 'sentinel') {
    return {
      client: new Redis({ ...common, ...toSentinelOptions(address) }),
      place: describeAddress(address),
    }
  }
  const client = new Redis(address.url, common)
  const { host, port, path } = client.options
  return { client, place: path ?? `${host}:${port}` }
}

type LegacyOptions = RedisOptions & { replyMapping: 'legacy' }
type MappedElsewhere = Omit<RedisOptions, 'replyMapping'>

function toCommonOptions({ connectionName, whenAway }: RedisClientOptions): LegacyOptions {
  // What BullMQ reads: arrays where newer servers would send maps.
  const common: LegacyOptions = { replyMapping: 'legacy', connectionName }
  if (whenAway === 'wait') return { ...common, maxRetriesPerRequest: null, socketTimeout: silentMsMax }
  const { commandMsMax } = whenAway.fail
  return {
    ...common,
    // What a lost connection leaves unanswered rejects at once instead of being sent again.
    maxRetriesPerRequest: 0,
    commandTimeout: commandMsMax,
    socketTimeout: 2 * commandMsMax,
  }
}

function toReconnecting({ whenAway }: RedisClientOptions): MappedElsewhere {
  return {
    retryStrategy: toReconnectPause,
    // After a failover the old primary refuses to write: only a new connection finds the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    enableOfflineQueue: whenAway === 'wait',
  }
}

function toSentinelOptions(address: SentinelAddress): MappedElsewhere {
  const { sentinels, name, database, username, password, sentinelUsername, sentinelPassword } = address
  const tls = address.isTls ? { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true } : {}
  return {
    sentinels: [...sentinels],
    name,
    db: database,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(sentinelUsername !== undefined && { sentinelUsername }),
    ...(sentinelPassword !== undefined && { sentinelPassword }),
    sentinelRetryStrategy: toReconnectPause,
    // A primary that the Sentinels gave up may still answer: they tell, and the connection goes over.
    failoverDetector: true,
    ...tls,
  }
}

function openCluster(address: ClusterAddress, options: RedisClientOptions): Cluster {
  const { username, password, isTls } = address
  const isPatient = options.whenAway === 'wait'
  const clusterOptions: ClusterOptions & { redisOptions: LegacyOptions } = {
    redisOptions: {
      ...toCommonOptions(options),
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(isTls && { tls: {} }),
    },
    enableOfflineQueue: isPatient,
    clusterRetryStrategy: toReconnectPause,
    slotsRefreshTimeout: slotsMsMax,
    retryDelayOnFailover: resendMs,
    retryDelayOnClusterDown: resendMs,
    retryDelayOnTryAgain: resendMs,
    // While a failover settles, two nodes may each name the other.
    retryDelayOnMoved: resendMs / 2,
    maxRedirections: isPatient ? Number.MAX_SAFE_INTEGER : resendsMax,
    // A certificate is for a name.
    ...(isTls && { dnsLookup: (host, callback) => callback(null, host) }),
  }
  return new Cluster([...address.nodes], clusterOptions)
}

function toReconnectPause(attempt: number): number {
  const pause = Math.min(reconnectMsMin * 2 ** Math.min(attempt - 1, 10), reconnectMsMax)
  return Math.round(pause * (0.5 + Math.random() / 2))
}
