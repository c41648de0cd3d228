import { pino, type Logger } from 'pino'

export type { Logger }

/** Where a role writes its log, and where a command does whose results go to stdout. */
const descriptors = { stdout: 1, stderr: 2 }

/** A logger that writes JSON lines, to stdout by default; `name` says which role speaks. */
export function createLogger({
  name,
  level,
  to = 'stdout',
}: {
  name: string
  level: string
  to?: keyof typeof descriptors
}): Logger {
  return pino(
    {
      name,
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination(descriptors[to]),
  )
}
