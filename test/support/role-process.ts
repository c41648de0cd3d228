import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../../src/local/ports.ts'
import { eventually } from './eventually.ts'

const mainPath = join(fileURLToPath(new URL('../..', import.meta.url)), 'dist', 'main.js')
const startedMsMax = 60_000

/** A receiver or a worker in a process of its own, as it is started in earnest. */
export interface RoleProcess {
  /** A receiver's. */
  url: string
  child: ChildProcess
  /** All that it has logged. */
  said: () => string
  /** Told to end, and awaited. */
  end(): Promise<void>
}

export async function startRole(role: 'serve' | 'work', env: NodeJS.ProcessEnv): Promise<RoleProcess> {
  const { PATH, NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD } = process.env
  const port = await findFreePort()
  const child = spawn(process.execPath, [mainPath, role], {
    env: { PATH, NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD, PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await eventually(() => child.exitCode !== null || /(?:receiver|worker) started/.test(said), {
    withinMs: startedMsMax,
  })
  return {
    url: `http://127.0.0.1:${port}`,
    child,
    said: () => said,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** All that these have logged. */
export function logsOf(roles: readonly RoleProcess[]): string {
  return roles.map(({ said }) => said()).join('\n')
}
