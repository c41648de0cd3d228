/**
 * A worker of the queue in a process of its own, to be ended without a word.
 * It notes the ids it merged in a Redis set, hangs with HANG set, and kills itself at the event POISON_ID.
 */
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { connectDeadLetters } from '../../src/queue/dead-letters.ts'
import { startEventWorker } from '../../src/queue/event-worker.ts'
import { stallLimits } from './queue-stall-limits.ts'

const { REDIS_URL: redisUrl = '', QUEUE_PREFIX: prefix = '', HANG, POISON_ID } = process.env
const log = pino({ level: 'silent' })
const redis = new Redis(redisUrl)

await startEventWorker({
  redisUrl,
  prefix,
  concurrency: 8,
  mergeEventsMax: 100,
  mergeWriters: 1,
  merge: async (events) => {
    process.stdout.write('merging\n')
    if (HANG !== undefined) await new Promise(() => undefined)
    if (events.some(({ id }) => id === POISON_ID)) process.kill(process.pid, 'SIGKILL')
    await redis.sadd(`${prefix}:merged`, ...events.map(({ id }) => id))
  },
  isPassing: () => false,
  deadLetters: await connectDeadLetters({ redisUrl, prefix, log }),
  shutdownMs: 1000,
  log,
  stallLimits,
})
