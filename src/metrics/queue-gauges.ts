import { Gauge, type Registry } from 'prom-client'
import { toBytesLimit } from '../queue/fill-gauge.ts'
import type { QueueDepth } from '../queue/queue-depth.ts'
import { askInTime, type AskedGauges } from './dependency-gauges.ts'

export interface QueueSources {
  depth: () => Promise<QueueDepth>
  countDeadLetters: () => Promise<number>
  /** The high-water marks of the settings. */
  eventsMax: number
  bytesMax: number
}

/** How full the queue is. While Redis does not answer these are left out: a number from before would be no truth. */
export function createQueueGauges(registry: Registry, sources: QueueSources): AskedGauges {
  const registers = [registry]
  const events = new Gauge({
    name: 'headwater_queue_events',
    help: 'Events on their way to the graph: queued, or held by a worker. An estimate above 1,000 jobs a lane.',
    labelNames: ['lane'],
    registers,
  })
  const jobs = new Gauge({
    name: 'headwater_queue_jobs',
    help: 'Jobs of the queue that carry these events.',
    labelNames: ['lane'],
    registers,
  })
  const limit = new Gauge({
    name: 'headwater_queue_limit_events',
    help: 'Above so many events in all lanes the receiver answers 503 (QUEUE_EVENTS_MAX).',
    registers,
  })
  const bytes = new Gauge({
    name: 'headwater_redis_memory_bytes',
    help: 'What Redis holds in memory, all its users together.',
    registers,
  })
  const bytesLimit = new Gauge({
    name: 'headwater_redis_memory_limit_bytes',
    help: 'Above so many bytes in Redis the receiver answers 503 (QUEUE_BYTES_MAX, or a share of maxmemory).',
    registers,
  })
  const letters = new Gauge({
    name: 'headwater_dead_letters',
    help: 'Dead letters that wait for somebody to retry or drop them.',
    registers,
  })
  limit.set(sources.eventsMax)
  return {
    async ask() {
      const [depth, count] = await Promise.all([
        askInTime(sources.depth),
        askInTime(sources.countDeadLetters),
      ])
      for (const gauge of [bytes, bytesLimit, letters]) gauge.remove()
      events.reset()
      jobs.reset()
      if (count !== undefined) letters.set(count)
      if (depth === undefined) return
      for (const { lane, ...held } of depth.lanes) {
        events.set({ lane }, held.events)
        jobs.set({ lane }, held.jobs)
      }
      bytes.set(depth.bytes)
      bytesLimit.set(toBytesLimit({ bytesMax: sources.bytesMax, redisBytesMax: depth.redisBytesMax }))
    },
  }
}
