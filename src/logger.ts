import { pino, type Logger } from 'pino'

export type { Logger }

/** A logger that writes JSON lines to stdout; `name` says which role speaks. */
export function createLogger({ name, level }: { name: string; level: string }): Logger {
  return pino({
    name,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  })
}
