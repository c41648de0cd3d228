import type { Logger } from '../logger.ts'
import { QueueUnavailable } from './queue-errors.ts'
import type { Primary, RedisConnection } from './redis-connection.ts'

/** Does a write, and resolves once enough replicas have it. */
export type Confirm = (write: () => Promise<void>) => Promise<void>

/** How safe what is written has to be; nobody is asked by default. */
export interface ReplicaLimits {
  /** Replicas that must have it. */
  replicasMin?: number
  /** Longest wait for them. */
  replicasMsMax?: number
}

const defaultReplicasMsMax = 1000

/**
 * A primary answers before its replicas have what it was given, and that is gone if it ends just then: so they are waited for. They
 * are asked on the connection that took the write, and no other will do: a new primary, which may never have seen it, would say yes.
 */
export function createConfirmation(
  { primary }: Pick<RedisConnection, 'primary'>,
  { replicasMin = 0, replicasMsMax = defaultReplicasMsMax, log }: ReplicaLimits & { log: Logger },
): Confirm {
  if (replicasMin === 0) return async (write) => await write()
  const report = createReport({ replicasMin, log })
  const ask = sharing(async (): Promise<Answer> => {
    const asked = primary()
    if (asked === undefined) return { confirmed: 0 }
    const confirmed = await asked.redis.wait(replicasMin, replicasMsMax)
    report(confirmed)
    const last = primary()
    return isSame(asked, last) ? { confirmed, by: asked } : { confirmed: 0 }
  })
  return async (write) => {
    const before = primary()
    await write()
    const { confirmed, by } = await ask()
    if (before === undefined || !isSame(before, by)) {
      throw new QueueUnavailable(
        'Redis has another primary, or was connected to anew, while it took the event.',
      )
    }
    if (confirmed >= replicasMin) return
    throw new QueueUnavailable(
      `Redis has the event, but of ${replicasMin} replicas only ${confirmed} had it within ${replicasMsMax} ms.`,
    )
  }
}

interface Answer {
  /** Replicas that have all that was written on this connection before they were asked. */
  confirmed: number
  /** Absent where the connection changed meanwhile. */
  by?: Primary
}

/** One question at a time: it holds up its connection, and those who come while one is under way can share the next. */
function sharing(ask: () => Promise<Answer>): () => Promise<Answer> {
  let running: Promise<unknown> = Promise.resolve()
  let next: Promise<Answer> | undefined
  const askNext = async () => {
    await running
    next = undefined
    const answer = ask()
    running = answer.catch(() => undefined)
    return await answer
  }
  return async () => await (next ??= askNext())
}

function isSame(one: Primary, other: Primary | undefined): boolean {
  return one.redis === other?.redis && one.epoch === other.epoch
}

/** Tells once that replicas are missing, and once that they are back. */
function createReport({
  replicasMin,
  log,
}: {
  replicasMin: number
  log: Logger
}): (confirmed: number) => void {
  let isShort = false
  return (confirmed) => {
    const isShortNow = confirmed < replicasMin
    if (isShortNow === isShort) return
    isShort = isShortNow
    if (isShort)
      log.warn({ confirmed, replicasMin }, 'too few redis replicas follow, events are answered 503')
    else log.info({ confirmed }, 'enough redis replicas follow again')
  }
}
