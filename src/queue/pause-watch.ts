import type { Logger } from '../logger.ts'
import { laneNames } from './lanes.ts'
import { lookRegularly } from './look-regularly.ts'
import type { RedisClient } from './redis-client.ts'

const lookEveryMs = 5000
/** A pause that was left behind by a crash is said again and again. */
const sayEveryMs = 5 * 60_000

export interface PauseWatch {
  close(): void
}

type PauseReader = Pick<RedisClient, 'hexists'>

/**
 * Says in the log that the lanes are paused, once a pause and again while it lasts: nobody else would notice why events only wait. What
 * is over by the next look, as a rebuild of a small graph is, is nobody's concern.
 */
export function watchPause(redis: PauseReader, { prefix, log }: { prefix: string; log: Logger }): PauseWatch {
  let saidAt: number | undefined
  let wasPaused = false
  const look = async () => {
    const paused = await readPaused(redis, prefix)
    const lasts = wasPaused && paused.length > 0
    wasPaused = paused.length > 0
    const isDue = saidAt === undefined || Date.now() - saidAt >= sayEveryMs
    if (lasts && isDue) {
      saidAt = Date.now()
      log.warn(
        { lanes: paused },
        'queue is paused, events wait: a rebuild empties the graph, or was interrupted; then run headwater rebuild again, or headwater rebuild --resume-queue',
      )
    } else if (paused.length === 0 && saidAt !== undefined) {
      saidAt = undefined
      log.info('queue goes on after its pause')
    }
  }
  // Without Redis nothing is known, and the connection says so.
  const looks = lookRegularly(async () => await look().catch(() => undefined), lookEveryMs)
  return { close: () => void looks.stop() }
}

/** The lanes that are paused for all their workers. */
export async function readPaused(redis: PauseReader, prefix: string): Promise<string[]> {
  const found = await Promise.all(
    laneNames.map(async (name) => ({
      name,
      isPaused: await redis.hexists(`${prefix}:${name}:meta`, 'paused'),
    })),
  )
  return found.filter(({ isPaused }) => isPaused === 1).map(({ name }) => name)
}
