import { QueueFull, QueueUnavailable } from '../../../src/queue/queue-errors.ts'
import { createEventValidator } from '../../../src/validate/validate-event.ts'
import {
  anEventText,
  send,
  sendEvent,
  startReceiver,
  type TestReceiver,
  type TestReceiverParts,
} from '../receive/receiver.ts'
import { readSamples } from './samples.ts'

let receiver: TestReceiver

const validate = createEventValidator({ strict: false })
const json = { 'Content-Type': 'application/json' }
const accepted = (kind: string) => `headwater_receiver_events_accepted_total{kind="${kind}"}`
const refused = (problem: string) => `headwater_receiver_events_refused_total{problem="${problem}"}`

async function start(parts: TestReceiverParts = {}): Promise<number> {
  receiver = await startReceiver({ validate, ...parts })
  return receiver.port
}

async function readMetrics(port: number): Promise<Record<string, number>> {
  const { text } = await send({ port, method: 'GET', path: '/metrics' })
  return readSamples(text)
}

const sendBatch = async (port: number, body: string) =>
  await send({ port, path: '/api/v1/lineage/batch', body, headers: json })

const away = async () => await Promise.reject(new QueueUnavailable('away'))

const ask = async (port: number, key?: string) =>
  await send({
    port,
    method: 'GET',
    path: '/metrics',
    ...(key !== undefined && { headers: { Authorization: `Bearer ${key}` } }),
  })

afterEach(async () => {
  await receiver.close()
})

describe('GET /metrics of a receiver, about events', () => {
  it('counts those it took by kind, alone or in a batch', async () => {
    const port = await start()
    const { job, ...others } = JSON.parse(anEventText)
    const runEvent = JSON.stringify({
      ...others,
      job,
      eventType: 'START',
      run: { runId: '01936f2e-7c1e-7000-8000-000000000001' },
    })
    const datasetEvent = JSON.stringify({ ...others, dataset: { namespace: 'warehouse', name: 'orders' } })

    await sendEvent(port, anEventText)
    await sendEvent(port, runEvent)
    await sendBatch(port, `[${runEvent},${datasetEvent}]`)
    const samples = await readMetrics(port)

    expect(samples[accepted('JobEvent')]).toBe(1)
    expect(samples[accepted('RunEvent')]).toBe(2)
    expect(samples[accepted('DatasetEvent')]).toBe(1)
  })

  it('counts those it refused by problem', async () => {
    const port = await start()

    await sendEvent(port, '{')
    await sendEvent(port, '{"job": 1}')
    await sendBatch(port, `[${anEventText},{},{}]`)
    const samples = await readMetrics(port)

    expect(samples[refused('body-not-json')]).toBe(1)
    expect(samples[refused('event-invalid')]).toBe(3)
    expect(samples[refused('queue-full')]).toBe(0)
    expect(samples[accepted('JobEvent')]).toBe(1)
  })

  it('counts each event of a batch that the queue did not take', async () => {
    const full = new QueueFull('full')
    const addMany: TestReceiverParts['addMany'] = async (events) =>
      await Promise.resolve(events.map((_, index) => (events.length === 2 && index === 0 ? undefined : full)))
    const port = await start({ addMany })

    await sendBatch(port, `[${anEventText},${anEventText},${anEventText}]`)
    await sendBatch(port, `[${anEventText},${anEventText}]`)
    const samples = await readMetrics(port)

    expect(samples[refused('queue-full')]).toBe(3 + 1)
    expect(samples[accepted('JobEvent')]).toBe(1)
  })

  it('counts an event that the queue did not take as refused, not as accepted', async () => {
    const port = await start({ add: away })

    await sendEvent(port, anEventText)
    const samples = await readMetrics(port)

    expect(samples[refused('queue-unavailable')]).toBe(1)
    expect(samples[accepted('JobEvent')]).toBe(0)
  })

  it('counts what nobody foresaw as unexpected', async () => {
    const port = await start({
      validate: () => {
        throw new TypeError('nobody foresaw it')
      },
    })

    await sendEvent(port, anEventText)
    const samples = await readMetrics(port)

    expect(samples[refused('unexpected')]).toBe(1)
  })

  it('sums the bytes of the bodies it read', async () => {
    const port = await start()

    await sendEvent(port, anEventText)
    await sendEvent(port, anEventText)
    const samples = await readMetrics(port)

    expect(samples['headwater_receiver_body_bytes_count']).toBe(2)
    expect(samples['headwater_receiver_body_bytes_sum']).toBe(2 * Buffer.byteLength(anEventText))
  })
})

describe('GET /metrics of a receiver, about answers', () => {
  it('times them by method, route and status', async () => {
    const port = await start()

    await sendEvent(port, anEventText)
    await send({ port, method: 'GET', path: '/problems/queue-full' })
    const samples = await readMetrics(port)

    const times = (labels: string) => samples[`headwater_receiver_answer_seconds_count{${labels}}`]
    expect(times('method="POST",route="/api/v1/lineage",status="201"')).toBe(1)
    expect(times('method="GET",route="/problems/:name",status="200"')).toBe(1)
  })

  it('has few labels, whatever is asked for', async () => {
    const port = await start()

    for (const path of ['/a', '/b', '/problems/none', '/problems/neither']) {
      await send({ port, method: 'GET', path })
    }
    await send({ port, method: 'PROPFIND', path: '/c' })
    const samples = await readMetrics(port)

    const counted = Object.entries(samples).filter(([name]) =>
      name.startsWith('headwater_receiver_answer_seconds_count'),
    )
    expect(Object.fromEntries(counted)).toEqual({
      'headwater_receiver_answer_seconds_count{method="GET",route="unknown",status="404"}': 2,
      'headwater_receiver_answer_seconds_count{method="GET",route="/problems/:name",status="404"}': 2,
      'headwater_receiver_answer_seconds_count{method="other",route="unknown",status="404"}': 1,
    })
  })
})

describe('GET /metrics of a receiver, about the queue', () => {
  const depth = {
    events: 7,
    jobs: 3,
    bytes: 500,
    redisBytesMax: 1000,
    lanes: [
      { lane: 'events', events: 6, jobs: 2 },
      { lane: 'large-events', events: 1, jobs: 1 },
    ],
  }

  it('tells how full each lane and Redis are, and what they may hold', async () => {
    const port = await start({
      depth: () => Promise.resolve(depth),
      countDeadLetters: () => Promise.resolve(4),
    })

    const samples = await readMetrics(port)

    expect(samples).toMatchObject({
      'headwater_queue_events{lane="events"}': 6,
      'headwater_queue_jobs{lane="events"}': 2,
      'headwater_queue_events{lane="large-events"}': 1,
      headwater_queue_limit_events: 100,
      headwater_redis_memory_bytes: 500,
      headwater_redis_memory_limit_bytes: 800,
      headwater_dead_letters: 4,
      headwater_redis_up: 1,
      'headwater_build_info{version="1.2.3"}': 1,
    })
  })

  it('leaves out what it cannot know while Redis is away', async () => {
    let isAway = false
    const port = await start({
      isReady: () => Promise.resolve(!isAway),
      depth: () => (isAway ? away() : Promise.resolve(depth)),
      countDeadLetters: () => (isAway ? away() : Promise.resolve(4)),
    })
    await readMetrics(port)

    isAway = true
    const samples = await readMetrics(port)

    const names = Object.keys(samples).filter((name) => /queue_(events|jobs)|memory|dead_letters/.test(name))
    expect(names).toEqual([])
    expect(samples['headwater_redis_up']).toBe(0)
    expect(samples['headwater_queue_limit_events']).toBe(100)
  })
})

describe('GET /metrics of a receiver, about who asks', () => {
  it('needs a key that may read everything, where there are keys', async () => {
    const port = await start({ keys: ['r read', 's send', 'n read namespaces=warehouse'] })

    const answers = [await ask(port), await ask(port, 's'), await ask(port, 'n'), await ask(port, 'r')]

    expect(answers.map(({ status }) => status)).toEqual([401, 403, 403, 200])
  })

  it('is in the text format of Prometheus', async () => {
    const port = await start()

    const { headers, text } = await ask(port)

    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(text).toContain('# TYPE headwater_receiver_events_accepted_total counter\n')
  })
})
