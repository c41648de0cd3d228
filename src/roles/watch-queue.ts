import type { Graph } from '../graph/connection.ts'
import { noteQueue } from '../graph/queue-mark.ts'
import type { Logger } from '../logger.ts'
import type { QueueGeneration } from '../queue/generation.ts'
import { lookRegularly } from '../queue/look-regularly.ts'

export interface QueueWatch {
  graph: Graph
  /** Asks Redis; waits while it is away. */
  readGeneration: () => Promise<QueueGeneration>
  everyMs: number
  /** Hears when Redis was last found wiped, in seconds since 1970. */
  onWiped: (seconds: number) => void
  log: Logger
}

/**
 * Notes in the graph, now and then, that Redis still holds the queue, and says so when it does not: then what was accepted since the
 * last note, and not merged, is lost.
 */
export function watchQueue(watch: QueueWatch): { close(): void } {
  const looks = lookRegularly(
    async () =>
      await look(watch)
        // Redis and Neo4j tell of their outages themselves.
        .catch((error: unknown) => watch.log.debug({ err: error }, 'queue could not be noted in the graph')),
    watch.everyMs,
  )
  return { close: () => void looks.stop() }
}

async function look({ graph, readGeneration, everyMs, onWiped, log }: QueueWatch): Promise<void> {
  const { generation, address } = await readGeneration()
  const { lost, isBack, lastWipedAt } = await noteQueue(graph, { generation, address, everyMs })
  for (const { from, until } of lost) {
    log.error(
      { queue: address, from, until },
      'redis was wiped: events accepted between from and until may be lost, look for them in the logs of their producers and send them again',
    )
  }
  if (isBack) log.warn({ queue: address }, 'queue that was taken for lost is there again')
  onWiped(lastWipedAt === undefined ? 0 : Date.parse(lastWipedAt) / 1000)
}
