import { randomBytes, randomUUID } from 'node:crypto'
import { cypher } from '../../src/graph/cypher.ts'
import { connectDeadLetters } from '../../src/queue/dead-letters.ts'
import { findFreePort } from '../../src/local/ports.ts'
import { startCommand, type RunningCommand } from '../support/command.ts'
import { aFacet, aRunEvent } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { connectTestGraph, silent } from '../support/graph.ts'
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.ts'

const testMsMax = 120_000
const secret = 'hunter2secret'
/** The SDK has each trace begin at a whole millisecond. */
const clockNanos = 2_000_000n

const countEvents = cypher`MATCH (e:Event) WHERE e.id IN $ids RETURN count(e) AS found`

let otlp: OtlpReceiver
let url: string
let prefix: string
let receiver: RunningCommand
let worker: RunningCommand
let receiverLog: () => string
let workerLog: () => string

beforeAll(async () => {
  otlp = await startOtlpReceiver()
  prefix = `test-${randomUUID()}`
  const port = await findFreePort()
  url = `http://127.0.0.1:${port}`
  const env = {
    QUEUE_PREFIX: prefix,
    PORT: String(port),
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
  }
  receiver = startCommand(['serve'], env)
  worker = startCommand(['work'], { ...env, OTEL_SERVICE_NAME: 'my-worker' })
  receiverLog = readLog(receiver)
  workerLog = readLog(worker)
  const isUp = async () => (await fetch(`${url}/health/ready`).catch(() => undefined))?.ok === true
  await eventually(isUp, { withinMs: testMsMax })
}, testMsMax)

afterAll(async () => {
  receiver.process.kill('SIGTERM')
  worker.process.kill('SIGTERM')
  await Promise.all([receiver.ended, worker.ended])
  await otlp.close()
}, testMsMax)

function readLog({ process: { stdout } }: RunningCommand): () => string {
  let text = ''
  stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return () => text
}

function expectAfter(time = 0n, earlier = 0n): void {
  expect(time + clockNanos).toBeGreaterThanOrEqual(earlier)
}

async function toId(answer: Response): Promise<string | undefined> {
  const { id } = (await answer.json()) as { id?: string }
  return id
}

/** Each of them says that its spans are not taken. */
function haveToldTrouble(): boolean {
  return [receiverLog, workerLog].every((log) => log().includes('traces met trouble'))
}

interface Producer {
  traceId: string
  spanId: string
  traceparent: string
}

function aProducer(flags = '01'): Producer {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')]
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` }
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

const aTracedEvent = (name: string) =>
  aRunEvent({
    run: { runId: randomUUID(), facets: { custom: aFacet({ content: 'of the event', password: secret }) } },
    job: { namespace: 'traces', name },
  })

const spansOf = (traceId: string) => otlp.spans.filter((span) => span.traceId === traceId)

async function named(traceId: string, name: string): Promise<ReceivedSpan> {
  const find = () => spansOf(traceId).find((span) => span.name === name)
  await eventually(() => find() !== undefined, { withinMs: 60_000 })
  const found = find()
  if (found === undefined) throw new Error(`no span ${name}`)
  return found
}

describe('traces of events', () => {
  it(
    'are one trace from the request of the producer to the commit in the graph',
    async () => {
      const { traceId, spanId, traceparent } = aProducer()
      const event = aTracedEvent('one')

      const answer = await post('/api/v1/lineage', event, { traceparent, 'X-Request-Id': 'traced-1' })
      const { id } = (await answer.json()) as { id: string }
      const merged = await named(traceId, 'merge event')
      const request = await named(traceId, 'POST /api/v1/lineage')
      const validate = await named(traceId, 'validate')
      const queue = await named(traceId, 'queue')

      expect(answer.status).toBe(201)
      expect([...otlp.paths]).toEqual(['POST /v1/traces'])
      expect([request.service, merged.service]).toEqual(['headwater-receiver', 'my-worker'])
      expect(request.parentSpanId).toBe(spanId)
      for (const child of [validate, queue, merged]) expect(child.parentSpanId).toBe(request.spanId)
      expect(request.attributes).toEqual({
        'http.request.method': 'POST',
        'http.route': '/api/v1/lineage',
        'http.response.status_code': 201,
        'http.request.body.size': expect.any(Number),
        'headwater.request.id': 'traced-1',
        'headwater.event.id': id,
        'openlineage.job.namespace': 'traces',
        'openlineage.job.name': 'one',
        'openlineage.run.id': event.run.runId,
        'openlineage.event.type': 'START',
      })
      expect(merged.attributes).toEqual({
        'headwater.event.id': id,
        'headwater.event.bytes': expect.any(Number),
        'headwater.request.id': 'traced-1',
        'openlineage.event.type': 'START',
        'openlineage.run.id': event.run.runId,
      })
    },
    testMsMax,
  )

  it(
    'are linked to the batch that they are merged in, and back; its steps end with the commit',
    async () => {
      const { traceId, traceparent } = aProducer()
      await post('/api/v1/lineage', aTracedEvent('linked'), { traceparent })

      const merged = await named(traceId, 'merge event')
      const [link] = merged.links
      const batch = await named(link?.traceId ?? '', 'merge batch')
      const steps = ['project', 'write', 'commit'].map((name) => named(batch.traceId, name))
      const [project, write, commit] = await Promise.all(steps)

      expect(batch.spanId).toBe(link?.spanId)
      expect(batch.links).toContainEqual({ traceId, spanId: merged.spanId })
      expect(batch.attributes['headwater.batch.events']).toBeGreaterThanOrEqual(1)
      for (const step of [project, write, commit]) expect(step?.parentSpanId).toBe(batch.spanId)
      expectAfter(write?.start, project?.end)
      expectAfter(commit?.start, write?.end)
      expectAfter(merged.end, commit?.end)
    },
    testMsMax,
  )

  it(
    'follow each event of a batch, and begin where no producer does',
    async () => {
      const jobs = ['batch-1', 'batch-2'].map(aTracedEvent)

      const answer = await post('/api/v1/lineage/batch', jobs)
      const runIds = new Set(jobs.map(({ run }) => run.runId))
      const ofRuns = () =>
        otlp.spans.filter(({ name, attributes }) => {
          return name === 'merge event' && runIds.has(String(attributes['openlineage.run.id']))
        })
      await eventually(() => ofRuns().length === 2, { withinMs: 60_000 })
      const [first, second] = ofRuns()
      const request = await named(first?.traceId ?? '', 'POST /api/v1/lineage/batch')

      expect(answer.status).toBe(200)
      expect(second?.traceId).toBe(first?.traceId)
      expect(request.parentSpanId ?? '').toBe('')
      expect(request.attributes).toMatchObject({ 'headwater.batch.events': 2 })
    },
    testMsMax,
  )

  it('are not kept where the producer says so', async () => {
    const unsampled = aProducer('00')
    const sampled = aProducer()

    await post('/api/v1/lineage', aTracedEvent('unsampled'), { traceparent: unsampled.traceparent })
    await post('/api/v1/lineage', aTracedEvent('sampled'), { traceparent: sampled.traceparent })
    await named(sampled.traceId, 'merge event')

    expect(spansOf(unsampled.traceId)).toEqual([])
  })

  it('tell of refusals and of what cannot be merged, by their kind', async () => {
    const [refused, failed] = [aProducer(), aProducer()]
    const ahead = { ...aTracedEvent('ahead'), eventTime: '2999-01-01T00:00:00Z' }

    await post('/api/v1/lineage', { run: {} }, { traceparent: refused.traceparent })
    await post('/api/v1/lineage', ahead, { traceparent: failed.traceparent })
    const request = await named(refused.traceId, 'POST /api/v1/lineage')
    const step = await named(refused.traceId, 'validate')
    const merged = await named(failed.traceId, 'merge event')
    const batch = await named(merged.links[0]?.traceId ?? '', 'merge batch')

    expect(request.attributes).toMatchObject({
      'http.response.status_code': 422,
      'headwater.problem': 'event-invalid',
    })
    expect([step.isError, merged.isError, batch.isError]).toEqual([true, true, true])
    expect(batch.attributes['error.type']).toBe('EventRejected')
    const letters = await connectDeadLetters({
      redisUrl: process.env['REDIS_URL'] ?? '',
      prefix,
      log: silent,
    })
    expect(await letters.count()).toBe(1)
    letters.close()
  })

  it('have nothing in them of what events say', () => {
    const all = otlp.bodies.join()

    expect(all).toContain('headwater.event.id')
    expect(all).not.toMatch(/of the event|password|2999-01-01/)
    expect(all).not.toContain(secret)
  })

  it(
    'are nothing that an event waits for',
    async () => {
      await otlp.close()
      const graph = connectTestGraph()
      const away = Array.from({ length: 20 }, (_, index) => aTracedEvent(`away-${index}`))

      const answers = await Promise.all(away.map(async (event) => await post('/api/v1/lineage', event)))
      const ids = await Promise.all(answers.map(toId))
      const areMerged = async () => {
        const [row] = await graph.inRead((tx) => tx.run(countEvents, { ids }))
        return row?.['found'] === away.length
      }
      await eventually(areMerged, { withinMs: 60_000 })
      await eventually(haveToldTrouble, { withinMs: 60_000 })
      await graph.close()

      expect(answers.map(({ status }) => status)).toEqual(away.map(() => 201))
    },
    testMsMax,
  )
})
