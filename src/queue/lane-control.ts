import type { Logger } from '../logger.ts'
import { createLane, laneNames, type Lane } from './lanes.ts'
import { readPaused } from './pause-watch.ts'
import { connectRedis } from './redis-connection.ts'

/** Stops and starts the workers of a queue, wherever they run; events are taken into the queue all the while. */
export interface LaneControl {
  pause(): Promise<void>
  resume(): Promise<void>
  /** The lanes that are paused. */
  paused(): Promise<string[]>
  /** Jobs that living workers hold. A job whose worker has ended waits in the queue, though it does not look so. */
  countHeld(): Promise<number>
  close(): Promise<void>
}

const commandMsMax = 5000

/** @throws {QueueUnavailable} when there is no Redis */
export async function connectLaneControl(options: {
  redisUrl: string
  prefix: string
  log: Logger
}): Promise<LaneControl> {
  const { redisUrl, prefix, log } = options
  const connection = await connectRedis({
    redisUrl,
    prefix,
    role: 'lane-control',
    whenAway: { fail: { commandMsMax } },
    log,
  })
  const { redis } = connection
  const onError = (error: Error) => log.debug({ reason: error.message }, 'queue had trouble with redis')
  const lanes = laneNames.map((name) => createLane(name, { redis, prefix, onError }))
  const countHeldOf = async (lane: Lane) => {
    const ids = await redis.lrange(lane.toKey('active'), 0, -1)
    return ids.length === 0 ? 0 : await redis.exists(ids.map((id) => `${lane.toKey(id)}:lock`))
  }
  return {
    pause: async () => void (await Promise.all(lanes.map(async (lane) => await lane.pause()))),
    resume: async () => void (await Promise.all(lanes.map(async (lane) => await lane.resume()))),
    paused: async () => await readPaused(redis, prefix),
    countHeld: async () => {
      const counts = await Promise.all(lanes.map(countHeldOf))
      return counts.reduce((sum, count) => sum + count, 0)
    },
    async close() {
      await Promise.all(lanes.map(async (lane) => await lane.close()))
      connection.close()
    },
  }
}
