import { ConfigError, type Config } from '../config.ts'
import { connectGraph, type Graph } from '../graph/connection.ts'
import type { Logger } from '../logger.ts'
import { readRedisAddress, RedisUrlUnclear, toQueuePrefix } from '../queue/redis-address.ts'

/** Where the queue is, and how safe an event has to be there. */
export interface QueueSettings {
  redisUrl: string
  prefix: string
  replicasMin: number
  replicasMsMax: number
}

/** @throws {ConfigError} where REDIS_URL is missing or cannot be understood */
export function queueOf(config: Config): QueueSettings {
  const { redisUrl, queuePrefix, redisReplicasMin, redisReplicasMsMax: replicasMsMax } = config
  if (redisUrl === '') {
    throw new ConfigError([
      'REDIS_URL is not set: the Redis of the queue, such as redis://127.0.0.1:6379. `headwater up` starts one.',
    ])
  }
  try {
    const address = readRedisAddress(redisUrl)
    // Where there are replicas to fail over to, what they do not have is lost.
    const replicasMin = redisReplicasMin ?? (address.kind === 'alone' ? 0 : 1)
    return { redisUrl, prefix: toQueuePrefix(queuePrefix, address), replicasMin, replicasMsMax }
  } catch (error) {
    if (error instanceof RedisUrlUnclear) throw new ConfigError([error.message])
    throw error
  }
}

/** @throws {ConfigError} where NEO4J_URI is missing */
export function graphOf(config: Config, log: Logger): Graph {
  if (config.neo4jUri === '') {
    throw new ConfigError([
      'NEO4J_URI is not set: the Neo4j of the graph, such as bolt://127.0.0.1:7687. `headwater up` starts one.',
    ])
  }
  const { neo4jUri: uri, neo4jUser: user, neo4jPassword: password, neo4jDatabase: database } = config
  return connectGraph({ uri, user, password, database }, log)
}
