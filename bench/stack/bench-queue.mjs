import { Redis } from 'ioredis'

const lanes = ['events', 'large-events', 'suspect-events']
const lists = ['wait', 'active', 'paused']

/** Asks Redis how many jobs of the queue wait or are held by a worker. */
export function connectBenchQueue({ redisUrl, prefix }) {
  const redis = new Redis(redisUrl)
  return {
    async countJobs() {
      const pipeline = redis.pipeline()
      for (const lane of lanes) {
        for (const list of lists) pipeline.llen(`${prefix}:${lane}:${list}`)
        pipeline.zcard(`${prefix}:${lane}:delayed`)
      }
      const replies = await pipeline.exec()
      return replies.reduce((sum, [error, count]) => {
        if (error !== null) throw error
        return sum + count
      }, 0)
    },
    close: () => redis.disconnect(),
  }
}
