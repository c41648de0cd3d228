import { randomUUID } from 'node:crypto'
import { cypher } from '../../src/graph/cypher.ts'
import { connectLaneControl, type LaneControl } from '../../src/queue/lane-control.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { aRunEvent } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { silent } from '../support/graph.ts'
import { emitFromPython, preparePython } from '../support/python-emitter.ts'

/** The long form of this is `npm run test:overload`. */
const prefix = `overload-${randomUUID()}`
const queueEventsMax = 10
const senders = 8
const eventsOfEach = 30
const testMsMax = 120_000

const countRuns = cypher`MATCH (r:Run) WHERE r.runId IN $runIds AND r.state IS NOT NULL RETURN count(r) AS found`

let collector: Collector
let lanes: LaneControl
let python: string

beforeAll(async () => {
  python = await preparePython()
  const redisUrl = process.env['REDIS_URL'] ?? ''
  collector = await startCollector({ QUEUE_PREFIX: prefix, QUEUE_EVENTS_MAX: String(queueEventsMax) })
  lanes = await connectLaneControl({ redisUrl, prefix, log: silent })
}, 300_000)

afterAll(async () => {
  await lanes.close()
  await collector.close()
})

const anEvent = () => aRunEvent({ run: { runId: randomUUID() }, job: { namespace: prefix, name: 'flood' } })

interface Sent {
  id: string
  status: number
  retryAfter: string | null
  type: string | undefined
}

async function send(): Promise<Sent> {
  const response = await fetch(`${collector.url}/api/v1/lineage`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(anEvent()),
  })
  const { id = '', type } = (await response.json()) as { id?: string; type?: string }
  return { id, status: response.status, retryAfter: response.headers.get('retry-after'), type }
}

async function sendMany(count: number): Promise<Sent[]> {
  const sent: Sent[] = []
  for (let index = 0; index < count; index += 1) sent.push(await send())
  return sent
}

/** Sends to a queue that nothing leaves until it holds as many as it may. */
async function fill(): Promise<void> {
  let accepted = 0
  await eventually(async () => {
    const { status } = await send()
    if (status === 201) accepted += 1
    return accepted >= queueEventsMax && status === 503
  })
}

/** How many events were refused because the queue was full, as the receiver counts them. */
async function countRefused(): Promise<number> {
  const text = await (await fetch(`${collector.url}/metrics`)).text()
  return Number(/events_refused_total\{problem="queue-full"\} (\d+)/.exec(text)?.[1])
}

async function countMerged(runIds: readonly string[]): Promise<number> {
  const [row] = await collector.graph.inRead((tx) => tx.run(countRuns, { runIds }))
  return Number(row?.['found'])
}

describe('more events than can be merged', () => {
  it(
    'are refused with 503 and Retry-After: 1, and none that was accepted is lost',
    async () => {
      const sent = (await Promise.all(Array.from({ length: senders }, () => sendMany(eventsOfEach)))).flat()
      const accepted = sent.filter(({ status }) => status === 201)
      const refused = sent.filter(({ status }) => status !== 201)
      await collector.merged(accepted.map(({ id }) => id))

      expect(accepted.length).toBeGreaterThan(0)
      expect(refused.length).toBeGreaterThan(0)
      const answers = new Set(
        refused.map(({ status, retryAfter, type }) => [status, retryAfter, type].join(' ')),
      )
      expect([...answers]).toEqual(['503 1 /problems/queue-full'])
    },
    testMsMax,
  )

  it(
    'come again from OpenLineage’s client for Python, which loses none that finds room within its retries',
    async () => {
      await lanes.pause()
      await fill()
      const before = await countRefused()
      const clients = 5

      const emitting = emitFromPython(python, { url: collector.url, namespace: prefix, clients, events: 1 })
      await eventually(async () => (await countRefused()) >= before + clients)
      await lanes.resume()
      const emitted = await emitting
      const runIds = emitted.map(({ runId }) => runId)
      await eventually(async () => (await countMerged(runIds)) === clients)

      expect(emitted.map(({ error }) => error)).toEqual(runIds.map(() => null))
    },
    testMsMax,
  )
})
