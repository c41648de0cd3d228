import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectGraph, type Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { findFreePort } from '../../src/local/ports.ts'
import { connectDeadLetters } from '../../src/queue/dead-letters.ts'
import { aRunEvent } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { silent } from '../support/graph.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const testMsMax = 600_000
const runsSent = 1000
const senders = 8
/** All accepted events must be in the graph this long after the last process is back. */
const mergedMsMax = 240_000

interface Stack {
  url: string
  dataDir: string
  process: ChildProcess
  output: () => string
}

let stack: Stack
let graph: Graph

beforeAll(async () => {
  stack = await startStack()
  const connection = JSON.parse(await readFile(join(stack.dataDir, 'connection.json'), 'utf8')) as Record<
    string,
    string
  >
  const {
    neo4jUri: uri = '',
    neo4jUser: user = '',
    neo4jPassword: password = '',
    neo4jDatabase: database = '',
  } = connection
  graph = connectGraph({ uri, user, password, database }, silent)
}, testMsMax)

afterAll(async () => {
  await graph.close()
  const ended = new Promise((resolve) => stack.process.once('exit', resolve))
  stack.process.kill('SIGTERM')
  await ended
  await rm(stack.dataDir, { recursive: true, force: true })
}, 60_000)

/** `headwater up` as a user starts it, on ports and data of its own. */
async function startStack(): Promise<Stack> {
  const dataDir = await mkdtemp(join(root, '.headwater-test', 'kill-'))
  const port = await findFreePort()
  const env = {
    ...process.env,
    REDIS_URL: '',
    NEO4J_URI: '',
    NEO4J_USER: '',
    NEO4J_PASSWORD: '',
    DATA_DIR: dataDir,
    PORT: String(port),
    REDIS_PORT: String(await findFreePort()),
    BOLT_PORT: String(await findFreePort()),
    NEO4J_HTTP_PORT: String(await findFreePort()),
    NEO4J_HEAP_MB: '512',
    NEO4J_PAGECACHE_MB: '128',
  }
  const child = spawn(process.execPath, [join(root, 'dist/main.js'), 'up'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await eventually(
    () => {
      if (child.exitCode !== null) throw new Error(`headwater up ended: ${output}`)
      return output.includes('Ctrl-C stops everything')
    },
    { withinMs: 300_000 },
  )
  return { url: `http://127.0.0.1:${port}/api/v1/lineage`, dataDir, process: child, output: () => output }
}

/** Sends until it is accepted, as the OpenLineage clients do for as long as they retry. */
async function sendUntilAccepted(text: string): Promise<string> {
  for (;;) {
    const id = await send(text).catch(() => undefined)
    if (id !== undefined) return id
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function send(text: string): Promise<string | undefined> {
  const response = await fetch(stack.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: text,
    signal: AbortSignal.timeout(5000),
  })
  const body = (await response.json()) as { id?: string }
  if (response.status !== 201 && response.status !== 503) throw new Error(`answered ${response.status}`)
  return response.status === 201 ? body.id : undefined
}

/** Ends a child of the stack as the kernel would, without a chance to tidy up. */
async function kill(name: string): Promise<number> {
  const runDir = join(stack.dataDir, 'run')
  const path = (await readdir(runDir)).find((file) => file.toLowerCase() === `${name}.pid`)
  if (path === undefined) throw new Error(`no pid of ${name} in ${runDir}`)
  const pid = Number(/\d+/.exec(await readFile(join(runDir, path), 'utf8'))?.[0])
  process.kill(pid, 'SIGKILL')
  return pid
}

function toTexts(): string[] {
  return Array.from({ length: runsSent }, (_, index) => index).flatMap((index) => {
    const run = { runId: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}` }
    const job = { namespace: 'kill', name: `job_${index % 20}` }
    const inputs = [{ namespace: 'kill', name: `in_${index % 7}` }]
    const outputs = [{ namespace: 'kill', name: `out_${index % 20}` }]
    return (['START', 'COMPLETE'] as const).map((eventType, minute) =>
      JSON.stringify(
        aRunEvent({ eventType, eventTime: `2026-11-22T10:0${minute}:00Z`, run, job, inputs, outputs }),
      ),
    )
  })
}

const countMerged = cypher`
  OPTIONAL MATCH (e:Event)
  WITH count(e) AS events, count(DISTINCT e.id) AS ids
  OPTIONAL MATCH (r:Run {state: 'COMPLETE'})-[:PRODUCED]->(v:DatasetVersion)
  RETURN events, ids, count(DISTINCT r) AS runs, count(v) AS versions
`

describe('events that were answered 201', () => {
  it(
    'are in the graph, each once, though every process was killed while they flowed',
    async () => {
      const texts = toTexts()
      const ids = new Set<string>()
      const kills = ['receiver', 'worker', 'redis', 'neo4j'].map((name, index) => ({
        name,
        at: 200 + 450 * index,
      }))
      const killed: string[] = []

      let next = 0
      const sendAll = async () => {
        for (let text = texts[next++]; text !== undefined; text = texts[next++]) {
          ids.add(await sendUntilAccepted(text))
          const due = kills[0]
          if (due !== undefined && ids.size >= due.at) {
            kills.shift()
            killed.push(`${due.name} ${await kill(due.name)}`)
          }
        }
      }
      await Promise.all(Array.from({ length: senders }, sendAll))

      expect(killed).toHaveLength(4)
      await eventually(() => (stack.output().match(/ is back, /g) ?? []).length === 4, { withinMs: 60_000 })
      await eventually(async () => (await send(texts[0] ?? '').catch(() => undefined)) !== undefined, {
        withinMs: 60_000,
      })
      await eventually(
        async () =>
          await graph.verify().then(
            () => true,
            () => false,
          ),
        { withinMs: 60_000 },
      )
      await eventually(async () => Number((await count())['ids']) === texts.length, { withinMs: mergedMsMax })
      expect(ids.size).toBe(texts.length)
      expect(await count()).toEqual({
        events: texts.length,
        ids: texts.length,
        runs: runsSent,
        versions: runsSent,
      })
      expect(await countDeadLetters()).toBe(0)
    },
    testMsMax,
  )
})

async function count(): Promise<Record<string, unknown>> {
  const rows = await graph.inRead((tx) => tx.run(countMerged)).catch(() => [])
  return rows[0] ?? {}
}

async function countDeadLetters(): Promise<number> {
  const { redisUrl = '' } = JSON.parse(
    await readFile(join(stack.dataDir, 'connection.json'), 'utf8'),
  ) as Record<string, string>
  const deadLetters = await connectDeadLetters({ redisUrl, prefix: 'headwater', log: silent })
  const letters = await deadLetters.count()
  deadLetters.close()
  return letters
}
