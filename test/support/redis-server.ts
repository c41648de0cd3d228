import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { findFreePort } from '../../src/local/ports.ts'
import { eventually } from './eventually.ts'

/** A cluster's nodes talk to each other on a port that lies so far above. */
const busOffset = 10_000
const portMax = 65_535
const readyMsMax = 30_000

/** One server of several that belong together, to be ended and started again. */
export interface RedisServer {
  port: number
  /** Asks it itself, not whom it belongs to. */
  ask<T>(question: (redis: Redis) => Promise<T>): Promise<T>
  isRunning(): boolean
  /** Ends it without a word. */
  kill(): Promise<void>
  /** Starts it again on the same port with what it had written. */
  start(): Promise<void>
  /** It stays connected, but does nothing. */
  freeze(): void
  thaw(): void
}

export interface RedisServers {
  add(args: readonly string[]): Promise<RedisServer>
  dir: string
  remove(): Promise<void>
}

/** Servers in a directory of their own, all ended and removed at once. Each writes before it answers, as the queue wants it. */
export async function openRedisServers(): Promise<RedisServers> {
  const dir = await mkdtemp(join(tmpdir(), 'headwater-redis-'))
  const servers: RedisServer[] = []
  return {
    dir,
    async add(args) {
      const server = await startServer(join(dir, String(servers.length)), args)
      servers.push(server)
      return server
    },
    async remove() {
      await Promise.all(servers.map(async (server) => await server.kill()))
      await rm(dir, { recursive: true })
    },
  }
}

async function startServer(dir: string, extraArgs: readonly string[]): Promise<RedisServer> {
  await mkdir(dir)
  const port = await findPortWithBus()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', ...extraArgs]
  let child: ChildProcess
  const server: RedisServer = {
    port,
    async ask(question) {
      const redis = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 50, maxRetriesPerRequest: 200 })
      redis.on('error', () => undefined)
      return await question(redis).finally(() => redis.disconnect())
    },
    isRunning: () => child.exitCode === null && child.signalCode === null,
    async kill() {
      if (!server.isRunning()) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
    async start() {
      child = spawn('redis-server', [...args, '--appendonly', 'yes', '--appendfsync', 'always'], {
        stdio: 'ignore',
      })
      await once(child, 'spawn')
      await eventually(async () => await isListening(port), { withinMs: readyMsMax })
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  }
  await server.start()
  return server
}

async function findPortWithBus(): Promise<number> {
  for (;;) {
    const port = await findFreePort()
    if (port + busOffset <= portMax && !(await isListening(port + busOffset))) return port
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  return await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
  }).finally(() => socket.destroy())
}
