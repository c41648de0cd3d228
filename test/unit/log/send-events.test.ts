import { CollectorClosed, createEventSender, type EventSender } from '../../../src/log/send-events.ts'
import { startCollectorDouble, type CollectorDouble } from './collector-double.ts'

let collector: CollectorDouble
let outages: string[]
let stopping: AbortController

beforeEach(async () => {
  collector = await startCollectorDouble()
  outages = []
  stopping = new AbortController()
})
afterEach(async () => await collector.close())

function createSender(said: { url?: string; apiKey?: string; outageMsMax?: number } = {}): EventSender {
  const { url = collector.url, apiKey, outageMsMax = 60_000 } = said
  return createEventSender({
    url,
    apiKey,
    outageMsMax,
    signal: stopping.signal,
    onOutage: (reason) => outages.push(reason),
  })
}

const [a, b, c] = ['{"a": 1}', '{"b":  "ü"}', '{"c":12345678901234567890}']

describe('an event sender', () => {
  it('sends many events in one batch, each byte for byte', async () => {
    collector.answerWith((_request, response) => response.end('{"status":"success"}'))

    expect(await createSender({ apiKey: 'secret' }).send([a, b, c])).toEqual([])
    expect(collector.seen).toEqual([
      { path: '/api/v1/lineage/batch', key: 'Bearer secret', body: `[${a},${b},${c}]` },
    ])
  })

  it('finds the endpoint under any form of the address', async () => {
    for (const end of ['', '/', '/api/v1/lineage', '/api/v1/lineage/']) {
      await createSender({ url: collector.url + end }).send([a])
    }

    expect(collector.seen.map(({ path }) => path)).toEqual(Array(4).fill('/api/v1/lineage'))
  })

  it('gives back what a batch refuses and sends again what it could not take at the moment', async () => {
    collector.answerWith(({ path }, response) => {
      const failed = [
        { index: 0, reason: 'no job', retriable: false },
        { index: 2, reason: 'queue full', retriable: true },
      ]
      const answer = { status: 'partial_success', failed_events: failed }
      response.end(path.endsWith('/batch') ? JSON.stringify(answer) : '{}')
    })

    expect(await createSender().send([a, b, c])).toEqual([{ index: 0, reason: 'no job' }])
    expect(collector.seen.map(({ body }) => body)).toEqual([`[${a},${b},${c}]`, c])
  })

  it('sends one by one where there is no batch endpoint, and does not ask for it again', async () => {
    collector.answerWith(({ path }, response) => {
      response.writeHead(path.endsWith('/batch') ? 404 : 200).end()
    })
    const sender = createSender()

    expect(await sender.send([a, b])).toEqual([])
    expect(await sender.send([b, c])).toEqual([])
    expect(collector.seen.map(({ path }) => path.endsWith('/batch'))).toEqual([
      true,
      ...Array<boolean>(4).fill(false),
    ])
  })

  it('sends a text alone that has white space around it, which a batch would lose', async () => {
    const odd = ` ${a}\n`

    await createSender().send([odd, b])

    expect(collector.seen.map(({ body }) => body).toSorted()).toEqual([odd, b].toSorted())
  })

  it('finds the events that make a batch too large, or no batch at all', async () => {
    collector.answerWith(({ path, body }, response) => {
      const isTooLarge = body.length > 40
      const isRefused = body.includes('"b"')
      const problem = { detail: 'Not this one.', errors: [{ pointer: '#/job', detail: 'is required' }] }
      if (isTooLarge) response.writeHead(413).end('too much')
      else if (isRefused) response.writeHead(422).end(JSON.stringify(problem))
      else response.end(path.endsWith('/batch') ? '{"status":"success"}' : '{}')
    })

    expect(await createSender().send([a, b, c, a])).toEqual([
      { index: 1, reason: '422 Not this one.; #/job is required' },
    ])
  })

  it('refuses an event alone that is too large', async () => {
    collector.answerWith((_request, response) => response.writeHead(413).end('too much'))

    expect(await createSender().send([a])).toEqual([{ index: 0, reason: '413 too much' }])
  })

  it('tries on while the collector is busy or the connection breaks, and says so once', async () => {
    let tries = 0
    collector.answerWith((_request, response) => {
      tries += 1
      if (tries === 1) response.writeHead(503, { 'Retry-After': '0' }).end('{"detail":"The queue is full."}')
      else if (tries === 2) response.socket?.destroy()
      else if (tries === 3) response.writeHead(500).end()
      else response.writeHead(201).end('{}')
    })

    expect(await createSender().send([a])).toEqual([])
    expect(collector.seen.map(({ body }) => body)).toEqual([a, a, a, a])
    expect(outages).toEqual(['503 The queue is full.'])
  })

  it('gives up where the collector stays away', async () => {
    collector.answerWith((_request, response) => response.writeHead(503).end('away'))

    await expect(createSender({ outageMsMax: 0 }).send([a])).rejects.toThrow(CollectorClosed)
  })

  it('gives up at once where its key is unknown, or nothing of a collector is there', async () => {
    collector.answerWith((_request, response) => response.writeHead(401).end('{"detail":"Send a key."}'))
    await expect(createSender().send([a])).rejects.toThrow('takes nothing from us: 401 Send a key.')

    collector.answerWith((_request, response) => response.writeHead(404).end('{}'))
    await expect(createSender().send([a])).rejects.toThrow('No collector at')
  })

  it('stops when it is told to', async () => {
    collector.answerWith((_request, response) => {
      response.writeHead(503, { 'Retry-After': '30' }).end()
      setImmediate(() => stopping.abort())
    })

    await expect(createSender().send([a])).rejects.toThrow(/abort/i)
  })
})
