import type { Logger } from 'pino'

const sayEveryMs = 10_000

/** Tells the operator that events are refused: at once, then at most one line in ten seconds, with their number. */
export function createRefusalLog(log: Pick<Logger, 'warn'>): (cause: unknown) => void {
  let refused = 0
  let saidAt = -Infinity
  return (cause) => {
    refused += 1
    const now = performance.now()
    if (now - saidAt < sayEveryMs) return
    log.warn({ refused, cause: cause instanceof Error ? cause.message : String(cause) }, 'events refused')
    refused = 0
    saidAt = now
  }
}
