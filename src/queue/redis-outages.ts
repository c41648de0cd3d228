import { Cluster, type Redis } from 'ioredis'
import type { Logger } from '../logger.ts'
import type { RedisClient } from './redis-client.ts'

export interface OutageReport {
  lastError(): Error | undefined
  stop(): void
}

/** Says once an outage that the connection is lost, and that it is back; of a cluster, each node's as well. */
export function reportOutages(client: RedisClient, log: Logger): OutageReport {
  let lastError: Error | undefined
  let isSilent = false
  const warnOnce = (error?: Error) => {
    lastError = error ?? lastError
    if (isSilent) return
    isSilent = true
    log.warn({ reason: error?.message ?? 'closed' }, 'redis connection lost, opening it again')
  }
  client.on('error', warnOnce)
  client.on('close', () => warnOnce())
  client.on('ready', () => {
    if (isSilent) log.info('redis connection opened again')
    isSilent = false
  })
  const nodes = client instanceof Cluster ? reportNodes(client, log) : undefined
  return {
    lastError: () => nodes?.lastError() ?? lastError,
    stop() {
      isSilent = true
      nodes?.stop()
    },
  }
}

/** A cluster goes on without one of its nodes, which an operator wants to know. */
function reportNodes(cluster: Cluster, log: Logger): OutageReport {
  const away = new Set<string>()
  let lastError: Error | undefined
  let isSilent = false
  cluster.on('node error', (error: Error, node: string) => {
    lastError = error
    if (isSilent || away.has(node)) return
    away.add(node)
    log.warn({ node, reason: error.message }, 'redis node does not answer')
  })
  cluster.on('+node', (redis: Redis) => {
    redis.once('ready', () => {
      const node = `${redis.options.host}:${redis.options.port}`
      if (away.delete(node) && !isSilent) log.info({ node }, 'redis node answers again')
    })
  })
  return {
    lastError: () => lastError,
    stop() {
      isSilent = true
    },
  }
}
