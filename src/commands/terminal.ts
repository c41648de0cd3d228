import { ConfigError } from '../config.ts'

/** What a command answers to the shell. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** A setting or an option is wrong: as for every command. */
  misconfigured: 2,
  /** Done, but for what was named. */
  incomplete: 3,
  /** Ctrl-C. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export interface Terminal {
  /** Aborted by Ctrl-C or SIGTERM. */
  signal: AbortSignal
  /** For the person at the terminal, on stderr; results alone go to stdout. */
  say: (line: string) => void
}

/** Runs a command to its exit code. The first Ctrl-C asks it to stop, the second ends it. */
export async function runAtTerminal(
  work: (terminal: Terminal) => Promise<ExitCode>,
  { stderr }: { stderr: NodeJS.WritableStream } = process,
): Promise<void> {
  const say = (line: string) => void stderr.write(`${line}\n`)
  const stopping = new AbortController()
  const stop = () => {
    if (stopping.signal.aborted) process.exit(exitCodes.interrupted)
    stopping.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  try {
    process.exitCode = await work({ signal: stopping.signal, say })
  } catch (error) {
    const isInterrupted = stopping.signal.aborted && isAbort(error)
    say(isInterrupted ? 'headwater: stopped' : `headwater: ${toMessage(error)}`)
    process.exitCode = isInterrupted ? exitCodes.interrupted : toExitCode(error)
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
  }
}

/** Something in the words of the command line is wrong. */
export class OptionError extends Error {
  override readonly name = 'OptionError'
}

function toExitCode(error: unknown): ExitCode {
  const isMisconfigured = error instanceof ConfigError || error instanceof OptionError
  return isMisconfigured ? exitCodes.misconfigured : exitCodes.failed
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
