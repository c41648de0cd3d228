import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import type { Graph } from '../../src/graph/connection.ts'
import { cypher, type Statement } from '../../src/graph/cypher.ts'
import { prepareGraph } from '../../src/graph/prepare-graph.ts'
import { noteQueue } from '../../src/graph/queue-mark.ts'
import { findFreePort } from '../../src/local/ports.ts'
import { startReceiver } from '../../src/roles/serve.ts'
import { startWorker } from '../../src/roles/work.ts'
import { aRunEvent } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { connectTestGraph, silent } from '../support/graph.ts'
import { startOwnRedis, type OwnRedis } from '../support/own-redis.ts'
import { idOf } from '../support/send-texts.ts'

const everyMs = 200
const errorLevel = 50

let graph: Graph
let redis: OwnRedis
/** What a test opens is closed behind it, the last first. */
const closers: (() => unknown)[] = []

beforeAll(async () => {
  graph = connectTestGraph()
  await prepareGraph(graph, silent)
})

afterAll(async () => await graph.close())

beforeEach(async () => {
  redis = await startOwnRedis()
  closers.push(async () => await redis.remove())
})

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

interface LoggedError {
  level: number
  msg: string
  queue?: string
  from?: string
  until?: string
}

/** A worker of the test's Redis; `errors` are what it has logged as such. */
async function aWorker(prefix: string) {
  const errors: LoggedError[] = []
  const write = (line: string) => {
    const entry = JSON.parse(line) as LoggedError
    if (entry.level >= errorLevel) errors.push(entry)
  }
  const port = await findFreePort()
  const config = toConfig({ prefix, WORKER_PORT: String(port), QUEUE_SEEN_MS: String(everyMs) })
  const worker = await startWorker(config, pino({ level: 'error' }, { write }))
  const close = async () => await worker.close()
  closers.push(close)
  return { errors, metricsUrl: `http://127.0.0.1:${port}/metrics`, close }
}

function toConfig({ prefix, ...env }: { prefix: string } & Record<string, string>) {
  return readConfig({ ...process.env, REDIS_URL: redis.url, QUEUE_PREFIX: prefix, ...env })
}

const findQueues = cypher`
  MATCH (q:Queue)
  WHERE any(address IN q.addresses WHERE address STARTS WITH $prefix)
  RETURN count(q) AS queues, count(q.wipedAt) AS wiped, coalesce(toString(max(q.lastSeenAt)), '') AS seenAt
`

async function readQueues(prefix: string) {
  const [row] = await graph.inRead((tx) => tx.run(findQueues, { prefix }))
  return {
    queues: Number(row?.['queues']),
    wiped: Number(row?.['wiped']),
    seenAt: String(row?.['seenAt']),
  }
}

/** Waits until workers have looked a few times more, and longer than it takes to find a loss. */
async function seenOften(prefix: string): Promise<void> {
  for (let times = 0; times < 6; times += 1) {
    const { seenAt } = await readQueues(prefix)
    await eventually(async () => (await readQueues(prefix)).seenAt > seenAt)
  }
}

/** The query of the page for operators. */
function readDocumentedQuery(): Statement {
  const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
  const found = /```cypher\n(MATCH \(q:Queue\)[^`]*)```/.exec(page)?.[1]
  if (found === undefined) throw new Error('docs/operations.md has no query for queues')
  return found as Statement
}

describe('a Redis that has lost its append-only file', () => {
  it('is noticed, and the window of what may be lost is named in log, graph and metrics', async () => {
    const prefix = `wiped-${randomUUID()}`
    const { errors, metricsUrl } = await aWorker(prefix)
    await seenOften(prefix)
    const before = await readQueues(prefix)
    expect(await (await fetch(metricsUrl)).text()).toContain('headwater_queue_wiped_timestamp_seconds 0')

    await redis.wipe()

    await eventually(() => errors.length > 0)
    const [error] = errors
    expect(errors).toHaveLength(1)
    expect(error?.msg).toMatch(/^redis was wiped: events accepted between from and until may be lost/)
    expect(error?.queue).toMatch(new RegExp(`^${prefix}@127\\.0\\.0\\.1:\\d+/0$`))
    expect(String(error?.from) >= before.seenAt.slice(0, 19)).toBe(true)
    expect(String(error?.from) < String(error?.until)).toBe(true)
    const rows = await graph.inRead((tx) => tx.run(readDocumentedQuery()))
    expect(rows).toContainEqual({
      queue: [error?.queue],
      lostFrom: expect.anything(),
      lostUntil: expect.anything(),
    })
    await eventually(async () => {
      const text = await (await fetch(metricsUrl)).text()
      return Number(/^headwater_queue_wiped_timestamp_seconds (\S+)$/m.exec(text)?.[1]) > 1e9
    })
    expect(await readQueues(prefix)).toMatchObject({ queues: 2, wiped: 1 })
  })

  it('is noticed by a worker that starts after it, once, and events go on', async () => {
    const prefix = `wiped-${randomUUID()}`
    const first = await aWorker(prefix)
    await seenOften(prefix)
    await first.close()
    await redis.wipe()

    const [second, third] = [await aWorker(prefix), await aWorker(prefix)]
    const port = await findFreePort()
    const receiver = await startReceiver(toConfig({ prefix, PORT: String(port) }), silent)
    closers.push(async () => await receiver.close())
    await eventually(() => second.errors.length + third.errors.length > 0)
    const text = JSON.stringify(aRunEvent({ run: { runId: randomUUID() } }))
    await fetch(`http://127.0.0.1:${port}/api/v1/lineage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: text,
    })

    await eventually(async () => await isMerged(idOf(text)))
    await seenOften(prefix)
    expect([...second.errors, ...third.errors]).toHaveLength(1)
  })
})

const findEvent = cypher`MATCH (e:Event {id: $id}) RETURN e.id AS id`

async function isMerged(id: string): Promise<boolean> {
  return (await graph.inRead((tx) => tx.run(findEvent, { id }))).length === 1
}

describe('a Redis that has kept its append-only file', () => {
  it('is not reported when it was killed and started again', async () => {
    const prefix = `kept-${randomUUID()}`
    const { errors } = await aWorker(prefix)
    await seenOften(prefix)

    await redis.kill()
    await redis.start()

    await seenOften(prefix)
    expect(errors).toEqual([])
    expect(await readQueues(prefix)).toMatchObject({ queues: 1, wiped: 0 })
  })

  it('is not reported because another of the same name stands beside it, also when that one goes', async () => {
    const address = `beside-${randomUUID()}@redis:6379/0`
    const [one, other] = [randomUUID(), randomUUID()]
    const note = async (generation: string) => await noteQueue(graph, { generation, address, everyMs })

    const lost = []
    for (let times = 0; times < 6; times += 1) {
      lost.push(...(await note(one)).lost, ...(await note(other)).lost)
      await pause(everyMs / 2)
    }
    for (let times = 0; times < 6; times += 1) {
      await pause(everyMs)
      lost.push(...(await note(other)).lost)
    }

    expect(lost).toEqual([])
  })

  it('is taken back where it was taken for wiped, and is there again', async () => {
    const address = `again-${randomUUID()}@redis:6379/0`
    const [one, other] = [randomUUID(), randomUUID()]
    const note = async (generation: string) => await noteQueue(graph, { generation, address, everyMs })
    await note(one)
    await pause(4 * everyMs)

    expect((await note(other)).lost).toHaveLength(1)
    expect(await note(one)).toEqual({ lost: [], isBack: true, lastWipedAt: undefined })
  })
})
