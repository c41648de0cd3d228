import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
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
  ask<T>(question: (redis: Redis) => Promise<T>, password?: string): Promise<T>
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
  /** A server that watches others, with such lines in its configuration. */
  addSentinel(lines: readonly string[]): Promise<RedisServer>
  remove(): Promise<void>
}

const writeBeforeAnswer = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always']

/** Servers in a directory of their own, all ended and removed at once. Each writes before it answers, as the queue wants it. */
export async function openRedisServers(): Promise<RedisServers> {
  const dir = await mkdtemp(join(tmpdir(), 'headwater-redis-'))
  const servers: RedisServer[] = []
  const keep = async (toArgs: (place: { dir: string; port: number }) => Promise<string[]> | string[]) => {
    const serverDir = join(dir, String(servers.length))
    await mkdir(serverDir)
    const port = await findPortWithBus()
    const server = await startServer(port, await toArgs({ dir: serverDir, port }))
    servers.push(server)
    return server
  }
  return {
    add: async (args) =>
      await keep((place) => [
        '--port',
        String(place.port),
        '--bind',
        '127.0.0.1',
        '--dir',
        place.dir,
        ...writeBeforeAnswer,
        ...args,
      ]),
    addSentinel: async (lines) =>
      await keep(async (place) => {
        const path = join(place.dir, 'sentinel.conf')
        const conf = [`port ${place.port}`, 'bind 127.0.0.1', `dir ${place.dir}`, ...lines, '']
        await writeFile(path, conf.join('\n'))
        return [path, '--sentinel']
      }),
    async remove() {
      await Promise.all(servers.map(async (server) => await server.kill()))
      await rm(dir, { recursive: true })
    },
  }
}

async function startServer(port: number, args: readonly string[]): Promise<RedisServer> {
  let child: ChildProcess
  const server: RedisServer = {
    port,
    async ask(question, password) {
      const redis = new Redis({
        host: '127.0.0.1',
        port,
        ...(password !== undefined && { password }),
        retryStrategy: () => 50,
        maxRetriesPerRequest: 200,
      })
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
      child = spawn('redis-server', args, { stdio: 'ignore' })
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
