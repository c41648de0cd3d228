import { jest } from '@jest/globals'
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
  const said: string[] = []
  stdout.on('data', (chunk: Buffer) => printed.push(chunk.toString()))
  const spy = jest.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    said.push(String(chunk))
    return true
  })
  const exitCodeBefore = process.exitCode
  process.exitCode = undefined
  try {
    const program = new Command('headwater').exitOverride()
    add(program, { env: { DATA_DIR: '/nowhere', ...env }, stdout })
    await program.parseAsync([...args], { from: 'user' })
    await new Promise((resolve) => setImmediate(resolve))
    return { stdout: printed.join(''), stderr: said.join(''), exitCode: process.exitCode }
  } finally {
    spy.mockRestore()
    process.exitCode = exitCodeBefore
  }
}
