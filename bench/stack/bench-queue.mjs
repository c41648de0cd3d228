import { Redis } from 'ioredis'
import { createLogger } from '../../dist/logger.js'
import { laneNames } from '../../dist/queue/lanes.js'
import { connectLaneControl } from '../../dist/queue/lane-control.js'

const lists = ['wait', 'active', 'paused']

/** Asks Redis how many jobs of the queue wait or are held by a worker, and lets the workers wait. */
export async function connectBenchQueue({ redisUrl, prefix }) {
  const redis = new Redis(redisUrl)
  const lanes = await connectLaneControl({
    redisUrl,
    prefix,
    log: createLogger({ name: 'bench', level: 'silent' }),
  })
  return {
    async countJobs() {
      const pipeline = redis.pipeline()
      for (const lane of laneNames) {
        for (const list of lists) pipeline.llen(`${prefix}:${lane}:${list}`)
        pipeline.zcard(`${prefix}:${lane}:delayed`)
      }
      const replies = await pipeline.exec()
      return replies.reduce((sum, [error, count]) => {
        if (error !== null) throw error
        return sum + count
      }, 0)
    },
    /** Workers take no more jobs until `resume`; the receiver goes on. */
    pause: lanes.pause,
    resume: lanes.resume,
    async close() {
      redis.disconnect()
      await lanes.close()
    },
  }
}
