import { countEvents, type Lane } from './lanes.ts'
import { readInfo } from './redis-info.ts'
import type { RedisClient } from './redis-client.ts'

/** Of a longer line only so many job ids are read at each end. */
const idsSampledMax = 500
/** Commands that each lane takes. */
const repliesOfLane = 5

/** How much is on its way: queued, or held by a worker, and not yet in the graph. */
export interface QueueDepth {
  /** Exact up to 1,000 waiting jobs a lane; beyond that the number of jobs times the average of both ends of the line. */
  events: number
  jobs: number
  /** What Redis holds in memory, all its users together. */
  bytes: number
  /** Redis's own limit, 0 for none. */
  redisBytesMax: number
  lanes: readonly LaneDepth[]
}

/** How much of that is in one lane. */
export interface LaneDepth {
  lane: string
  events: number
  jobs: number
}

/**
 * Reads all lanes in one round trip. A counter beside the jobs would be exact only until the first process that ends
 * between its two writes; the ids of the jobs carry their number of events instead, and cannot drift.
 */
export async function readDepth(redis: RedisClient, lanes: readonly Lane[]): Promise<QueueDepth> {
  const pipeline = redis.pipeline().info('memory')
  for (const lane of lanes) {
    const wait = lane.toKey('wait')
    pipeline
      .llen(wait)
      .lrange(wait, 0, idsSampledMax - 1)
      .lrange(wait, -idsSampledMax, -1)
    pipeline.lrange(lane.toKey('active'), 0, -1).zrange(lane.toKey('delayed'), '0', '-1')
  }
  const [memory, ...replies] = readReplies(await pipeline.exec())
  const info = readInfo(typeof memory === 'string' ? memory : '')
  const depths = lanes.map(({ name }, index) =>
    toLaneDepth(name, replies.slice(index * repliesOfLane, (index + 1) * repliesOfLane)),
  )
  return {
    events: depths.reduce((sum, { events }) => sum + events, 0),
    jobs: depths.reduce((sum, { jobs }) => sum + jobs, 0),
    bytes: Number(info.get('used_memory') ?? 0),
    redisBytesMax: Number(info.get('maxmemory') ?? 0),
    lanes: depths,
  }
}

function toLaneDepth(lane: string, [length, first, last, active, delayed]: unknown[]): LaneDepth {
  const waiting = typeof length === 'number' ? length : 0
  const others = [...toIds(active), ...toIds(delayed)]
  return {
    lane,
    events: estimateEvents({ waiting, first: toIds(first), last: toIds(last) }) + sumEvents(others),
    jobs: waiting + others.length,
  }
}

/** Events of a line of `waiting` jobs, of which the ids at both ends are known. */
export function estimateEvents(line: { waiting: number; first: string[]; last: string[] }): number {
  const isFirstEndAll = line.waiting <= line.first.length
  if (isFirstEndAll) return sumEvents(line.first)
  const unseen = line.waiting - line.first.length - line.last.length
  // In a line shorter than both samples together they overlap: the last ones beyond the first are the rest.
  if (unseen <= 0)
    return sumEvents(line.first) + sumEvents(line.last.slice(-(line.waiting - line.first.length)))
  const seen = sumEvents(line.first) + sumEvents(line.last)
  return Math.round(seen * (1 + unseen / (line.first.length + line.last.length)))
}

function sumEvents(ids: readonly string[]): number {
  return ids.reduce((sum, id) => sum + countEvents(id), 0)
}

function toIds(reply: unknown): string[] {
  return Array.isArray(reply) ? reply.filter((id) => typeof id === 'string') : []
}

function readReplies(results: [Error | null, unknown][] | null): unknown[] {
  return (results ?? []).map(([error, reply]) => {
    if (error !== null) throw error
    return reply
  })
}
