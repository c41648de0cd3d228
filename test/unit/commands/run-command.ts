import { Command } from 'commander'
import { PassThrough } from 'node:stream'
import type { CommandSurroundings } from '../../../src/commands/dead-letters.ts'

export interface CommandRun {
  stdout: string
  /** What was said beside the result. */
  stderr: string
  exitCode: number | string | undefined
}

export type AddCommands = (program: Command, surroundings: CommandSurroundings) => void

/** Runs a command as the shell would, without a process of its own. */
export async function runCommand(
  add: AddCommands,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  terminal: { columns?: number } = {},
): Promise<CommandRun> {
  const isTTY = terminal.columns !== undefined
  const stdout = Object.assign(new PassThrough(), { isTTY, ...terminal })
  const printed: string[] = []
  stdout.on('data', (chunk: Buffer) => printed.push(chunk.toString()))
  // Not the process's own: what Node says there of other tests is none of the command's words.
  const stderr = new PassThrough()
  const said: string[] = []
  stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  const exitCodeBefore = process.exitCode
  process.exitCode = undefined
  try {
    const program = new Command('headwater').exitOverride()
    program.configureOutput({ writeErr: (text) => stderr.write(text) })
    add(program, { env: { DATA_DIR: '/nowhere', ...env }, stdout, stderr })
    await program.parseAsync([...args], { from: 'user' })
    await new Promise((resolve) => setImmediate(resolve))
    return { stdout: printed.join(''), stderr: said.join(''), exitCode: process.exitCode }
  } finally {
    process.exitCode = exitCodeBefore
  }
}
