import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { cypher } from '../../src/graph/cypher.ts'
import { aRunEvent } from '../support/events.ts'
import { connectTestGraph } from '../support/graph.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const tlsDir = join(root, 'test', 'fixtures', 'tls')
const caFile = join(tlsDir, 'ca.pem')
/** As docs/security.md has it: what a receiver and a worker need, on their own keys. */
const acl = '~headwater-tls* &headwater-tls* +@all -@dangerous +info +config|get +client|list'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

const findJobOfEvent = cypher`MATCH (:Event {id: $id})-[:ABOUT]->(:Run)-[:RUN_OF]->(j:Job) RETURN j.name AS name`

/** The name of the job that an event is about, once it is merged. */
async function mergedJobName(id: string): Promise<unknown> {
  const graph = connectTestGraph()
  try {
    for (let waits = 0; waits < 300; waits += 1) {
      const [row] = await graph.inRead((tx) => tx.run(findJobOfEvent, { id }))
      if (row !== undefined) return row['name']
      await sleep(100)
    }
    return undefined
  } finally {
    await graph.close()
  }
}

/** Told to end, and awaited. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

/** A role as it is started in earnest: Node reads the file of its CA once, at its start. */
async function start(role: 'serve' | 'work', redisUrl: string, env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [join(root, 'dist', 'main.js'), role], {
    env: { PATH: process.env['PATH'], REDIS_URL: redisUrl, QUEUE_PREFIX: 'headwater-tls', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const isStarted = () => /(?:receiver|worker) started/.test(said)
  for (let waits = 0; waits < 600 && child.exitCode === null && !isStarted(); waits += 1) await sleep(100)
  return { child, said: () => said }
}

/** A worker sets up its graph, and who is refused tries for ten seconds first. */
const testMsMax = 180_000

describe('a Redis that takes TLS alone, and a user of an ACL', () => {
  let dir: string
  let redisPort: number
  let server: ChildProcess

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'headwater-redis-tls-'))
    redisPort = await freePort()
    const tls = ['--tls-cert-file', join(tlsDir, 'first.pem'), '--tls-key-file', join(tlsDir, 'first.key')]
    const options = ['--port', '0', '--tls-port', String(redisPort), ...tls, '--tls-ca-cert-file', caFile]
    const user = ['--user', 'collector', 'on', '>s3cr3t', ...acl.split(' '), '--user', 'default', 'off']
    const rest = [
      '--tls-auth-clients',
      'no',
      '--bind',
      '127.0.0.1',
      '--dir',
      dir,
      '--appendonly',
      'yes',
      '--appendfsync',
      'always',
    ]
    server = spawn('redis-server', [...options, ...rest, ...user], { stdio: 'ignore' })
    await once(server, 'spawn')
    const ca = await readFile(caFile)
    const redis = new Redis(`rediss://collector:s3cr3t@127.0.0.1:${redisPort}`, {
      tls: { ca },
      retryStrategy: () => 50,
      maxRetriesPerRequest: 100,
    })
    redis.on('error', () => undefined)
    await redis.info()
    redis.disconnect()
  })
  afterAll(async () => {
    await end(server)
    await rm(dir, { recursive: true })
  })

  it(
    'serves a receiver and a worker with rediss://user:password@ and a CA of their own',
    async () => {
      const redisUrl = `rediss://collector:s3cr3t@127.0.0.1:${redisPort}`
      const { NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD } = process.env
      const port = await freePort()
      const receiver = await start('serve', redisUrl, { NODE_EXTRA_CA_CERTS: caFile, PORT: String(port) })
      const worker = await start('work', redisUrl, {
        NODE_EXTRA_CA_CERTS: caFile,
        NEO4J_URI,
        NEO4J_USER,
        NEO4J_PASSWORD,
      })

      const run = { runId: randomUUID() }
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/lineage`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(aRunEvent({ run, job: { namespace: 'redis-tls', name: redisUrl } })),
      })
      const { id = '', warnings } = (await answer.json()) as { id?: string; warnings: unknown[] }
      const name = id === '' ? undefined : await mergedJobName(id)
      await end(receiver.child)
      await end(worker.child)

      expect(answer.status).toBe(201)
      expect(warnings).toHaveLength(1)
      expect(name).toBe(`rediss://collector:***@127.0.0.1:${redisPort}`)
      expect(receiver.said() + worker.said()).not.toContain('s3cr3t')
      expect(receiver.said() + worker.said()).not.toMatch(/"level":"(?:error|fatal)"/)
    },
    testMsMax,
  )

  it(
    'is not trusted without that CA, and a wrong password is refused; neither is said aloud',
    async () => {
      const strangers = await start('serve', `rediss://collector:s3cr3t@127.0.0.1:${redisPort}`, {})
      const wrong = await start('serve', `rediss://collector:wr0ng@127.0.0.1:${redisPort}`, {
        NODE_EXTRA_CA_CERTS: caFile,
      })

      expect([strangers.child.exitCode, wrong.child.exitCode]).toEqual([1, 1])
      expect(strangers.said()).toMatch(/was not ready.*certificate/)
      expect(wrong.said()).toMatch(/was not ready.*WRONGPASS/)
      expect(strangers.said() + wrong.said()).not.toMatch(/s3cr3t|wr0ng/)
    },
    testMsMax,
  )
})
