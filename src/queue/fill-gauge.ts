import type { Logger } from '../logger.ts'
import { QueueFull } from './queue-errors.ts'
import type { QueueDepth } from './queue-depth.ts'

/** How often the queue is measured; in between, what this process adds is counted on top. */
const refreshMs = 1000
/** Redis refuses the workers as well once it is at its own limit: adding has to stop while they can still take away. */
const redisBytesShare = 0.8
/** What a queued event takes in Redis beside its payload, about. */
const eventOverheadBytes = 500

export interface FillGauge {
  /** @throws {QueueFull} above the high-water mark */
  refuseWhenFull(): void
  /** Counts what was just added, until the next measurement sees it. */
  countAdded(payloadBytes: number): void
  close(): void
}

export interface FillGaugeOptions {
  measure: () => Promise<Pick<QueueDepth, 'events' | 'bytes' | 'redisBytesMax'>>
  eventsMax: number
  bytesMax: number
  log: Logger
}

/** Knows how full the queue is, without asking Redis for each event. */
export async function startFillGauge({
  measure,
  eventsMax,
  bytesMax,
  log,
}: FillGaugeOptions): Promise<FillGauge> {
  let depth = await measure()
  let addedEvents = 0
  let addedBytes = 0
  let isFull = false

  async function refresh(): Promise<void> {
    const before = { events: addedEvents, bytes: addedBytes }
    depth = await measure()
    // What was added during the measurement may count twice, for one interval: better than not at all.
    addedEvents -= before.events
    addedBytes -= before.bytes
    reportChange(toReason() !== undefined)
  }

  function toReason(): string | undefined {
    const events = depth.events + addedEvents
    if (events >= eventsMax) return `${events} events wait, ${eventsMax} may`
    const limit = toBytesLimit({ bytesMax, redisBytesMax: depth.redisBytesMax })
    const bytes = depth.bytes + addedBytes
    if (bytes >= limit) return `Redis holds ${bytes} bytes, ${Math.floor(limit)} may be held`
    return undefined
  }

  function reportChange(isFullNow: boolean): void {
    if (isFullNow === isFull) return
    isFull = isFullNow
    if (isFull) log.warn({ reason: toReason() }, 'queue rose above its high-water mark')
    else log.info('queue fell below its high-water mark')
  }

  // Without Redis the last measurement stays; adding fails anyway.
  const timer = setInterval(() => void refresh().catch(() => undefined), refreshMs)
  return {
    refuseWhenFull() {
      const reason = toReason()
      if (reason === undefined) return
      reportChange(true)
      throw new QueueFull(`The queue is full: ${reason}.`)
    },
    countAdded(payloadBytes) {
      addedEvents += 1
      addedBytes += payloadBytes + eventOverheadBytes
    },
    close() {
      clearInterval(timer)
    },
  }
}

/** The bytes that Redis may hold before events are refused: the setting, or less where Redis has a lower limit of its own. */
export function toBytesLimit({
  bytesMax,
  redisBytesMax,
}: {
  bytesMax: number
  redisBytesMax: number
}): number {
  return redisBytesMax > 0 ? Math.min(bytesMax, redisBytesMax * redisBytesShare) : bytesMax
}
