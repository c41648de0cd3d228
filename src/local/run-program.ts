import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Environment } from './find-program.ts'

/** Lines kept of a program's output, for saying why it failed. */
const linesKeptMax = 200

export interface Program {
  command: string
  args: readonly string[]
  env: Environment
  cwd?: string
  /** Ends the program when aborted. */
  stopSignal?: AbortSignal
  onLine?: (line: string) => void
}

export interface ProgramEnd {
  isOk: boolean
  /** The last lines it wrote, to stdout and stderr alike. */
  lines: string[]
}

/** Runs a program to its end. Rejects when it cannot be started or was stopped. */
export async function runProgram({
  command,
  args,
  env,
  cwd,
  stopSignal,
  onLine,
}: Program): Promise<ProgramEnd> {
  const child = spawn(command, args, {
    env: { ...env },
    cwd,
    signal: stopSignal,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      if (lines.length > linesKeptMax) lines.shift()
      onLine?.(line)
    })
  }
  return new Promise((resolve, reject) => {
    let fault: Error | undefined
    child.once('error', (error) => (fault = error))
    child.once('close', (code) =>
      fault === undefined ? resolve({ isOk: code === 0, lines }) : reject(fault),
    )
  })
}
