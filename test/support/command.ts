import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

export interface CommandResult {
  code: number | null
  stdout: string
  /** What it said to the person at the terminal. */
  said: string
}

export interface RunningCommand {
  process: ChildProcess
  /** What it has said so far. */
  said(): string
  ended: Promise<CommandResult>
}

/** Starts `headwater` with these arguments, as a user does. */
export function startCommand(args: readonly string[], env: Record<string, string> = {}): RunningCommand {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env }, stdio: 'pipe' })
  child.stdin.end()
  let [stdout, said] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = new Promise<CommandResult>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, said }))
  })
  return { process: child, said: () => said, ended }
}

export async function runCommand(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<CommandResult> {
  return await startCommand(args, env).ended
}
