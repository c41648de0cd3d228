import { ConfigError, type Config } from '../config.ts'
import { connectGraph, type Graph } from '../graph/connection.ts'
import type { Logger } from '../logger.ts'

/** @throws {ConfigError} where REDIS_URL is missing */
export function redisUrlOf({ redisUrl }: Config): string {
  if (redisUrl !== '') return redisUrl
  throw new ConfigError([
    'REDIS_URL is not set: the Redis of the queue, such as redis://127.0.0.1:6379. `headwater up` starts one.',
  ])
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
