import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { findFreePort } from '../../src/local/ports.ts'

/** A Redis of the test's own, for what must not be done to the one that all tests share. */
export interface OwnRedis {
  url: string
  /** Ends it without a word. */
  kill(): Promise<void>
  /** Starts it again on the same port with what it had written. */
  start(): Promise<void>
  /** Starts it again without anything that it had written. */
  wipe(): Promise<void>
  /** It stays connected, but does nothing. */
  freeze(): void
  thaw(): void
  config(name: string, value: string): Promise<void>
  /** Ends it and removes its data. */
  remove(): Promise<void>
}

export async function startOwnRedis(): Promise<OwnRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'headwater-redis-'))
  const port = await findFreePort()
  const url = `redis://127.0.0.1:${port}`
  let server = await startServer({ dir, port })

  async function kill(): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return
    const exited = once(server, 'exit')
    server.kill('SIGKILL')
    await exited
  }

  return {
    url,
    kill,
    async start() {
      server = await startServer({ dir, port })
    },
    async wipe() {
      await kill()
      await rm(join(dir, 'appendonlydir'), { recursive: true })
      server = await startServer({ dir, port })
    },
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    async config(name, value) {
      const redis = new Redis(url)
      await redis.config('SET', name, value)
      redis.disconnect()
    },
    async remove() {
      await kill()
      await rm(dir, { recursive: true })
    },
  }
}

async function startServer({ dir, port }: { dir: string; port: number }): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '']
  const server = spawn('redis-server', [...args, '--appendonly', 'yes', '--appendfsync', 'always'], {
    stdio: 'ignore',
  })
  await once(server, 'spawn')
  const redis = new Redis(`redis://127.0.0.1:${port}`, { retryStrategy: () => 50, maxRetriesPerRequest: 200 })
  redis.on('error', () => undefined)
  await redis.ping()
  redis.disconnect()
  return server
}
