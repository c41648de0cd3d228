import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { QueuedEvent } from '../../../src/queue/queued-event.ts'
import { QueueFull, QueueUnavailable } from '../../../src/queue/queue-errors.ts'
import { createEventValidator } from '../../../src/validate/validate-event.ts'
import {
  anEventText,
  send,
  sendEvent,
  startReceiver,
  type Answer,
  type TestReceiver,
  type TestReceiverParts,
} from './receiver.ts'

let receiver: TestReceiver

const validate = createEventValidator({ strict: false })

async function start(parts: TestReceiverParts = {}): Promise<number> {
  receiver = await startReceiver({ validate, ...parts })
  return receiver.port
}

afterEach(async () => {
  await receiver.close()
})

function sendBatch(
  port: number,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return send({
    port,
    path: '/api/v1/lineage/batch',
    body,
    headers: { 'Content-Type': 'application/json', ...headers },
  })
}

const jsonOf = (answer: Answer): Record<string, unknown> => JSON.parse(answer.text)
const idOf = (text: string) => createHash('sha256').update(text).digest('hex')
const textOf = ({ payload }: QueuedEvent) => gunzipSync(Buffer.from(payload, 'base64')).toString()

function eventTexts(count: number): string[] {
  return Array.from({ length: count }, (_, index) => anEventText.replace('load_orders', `load_${index}`))
}

describe('POST /api/v1/lineage/batch, for events it takes', () => {
  it('answers 200 with the summary of the standard', async () => {
    const port = await start()

    const answer = await sendBatch(port, `[${eventTexts(3).join(',')}]`)

    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('application/json')
    expect(jsonOf(answer)).toEqual({
      status: 'success',
      summary: { received: 3, successful: 3, failed: 0, retriable: 0, non_retriable: 0 },
      failed_events: [],
    })
  })

  it('answers 200 to an empty array', async () => {
    const port = await start()

    const answer = await sendBatch(port, ' [ ] ')

    expect(answer.status).toBe(200)
    expect(jsonOf(answer)).toMatchObject({ status: 'success', summary: { received: 0 }, failed_events: [] })
  })

  it('queues each event as when it is sent alone: the same text, the same id', async () => {
    const port = await start()
    const odd = `{ "eventTime":"2026-01-01T00:00:00Z" , "producer": "https://e.x/p",
      "schemaURL": "https://e.x/s", "job": {"namespace":"日本","name":"a\\"]}\\\\"}, "n": 3821550127947089009 }`

    await sendBatch(port, `\n[ ${odd} ,${anEventText}\t]\n`)
    await sendEvent(port, odd)
    await sendEvent(port, anEventText)

    const [first, second, ...alone] = receiver.queued
    expect([first?.id, second?.id]).toEqual([idOf(odd), idOf(anEventText)])
    expect([first, second].map((event) => event && textOf(event))).toEqual([odd, anEventText])
    expect(alone.map(({ id, bytes, payload }) => ({ id, bytes, payload }))).toEqual(
      [first, second].map((event) => ({ id: event?.id, bytes: event?.bytes, payload: event?.payload })),
    )
  })

  it('takes a compressed array', async () => {
    const port = await start()
    const texts = eventTexts(500)

    const answer = await sendBatch(port, gzipSync(`[${texts.join(',')}]`), { 'Content-Encoding': 'gzip' })

    expect(answer.status).toBe(200)
    expect(receiver.queued.map(textOf)).toEqual(texts)
  })

  it('hands on which facets are not to be interpreted', async () => {
    const port = await start()
    const broken = anEventText.replace('"name":"load_orders"', '"name":"a","facets":{"sql":{"query":7}}')

    await sendBatch(port, `[${broken}]`)

    expect(receiver.queued[0]?.brokenFacets).toEqual(['#/job/facets/sql'])
  })

  it('takes 10,000 events, and answers others meanwhile', async () => {
    const port = await start({ bodyBytesMax: 32 * 1024 * 1024, batchAnswerMsMax: 60_000 })
    const texts = eventTexts(10_000)
    const done = new AbortController()
    let othersAnswered = 0

    const batch = sendBatch(port, `[${texts.join(',')}]`).finally(() => done.abort())
    while (!done.signal.aborted) {
      await send({ port, method: 'GET', path: '/health/live' })
      othersAnswered += 1
    }

    expect(jsonOf(await batch)).toMatchObject({ status: 'success', summary: { successful: 10_000 } })
    expect(new Set(receiver.queued.map(({ id }) => id)).size).toBe(10_000)
    expect(othersAnswered).toBeGreaterThan(5)
  })
})

describe('POST /api/v1/lineage/batch, with events it does not take', () => {
  it('takes the others, and says of each what is wrong', async () => {
    const port = await start()
    const [first, second] = eventTexts(2)
    const noName = '{"eventTime":"x","producer":"p","schemaURL":"s","job":{"namespace":"a"}}'
    const bad = ['[]', '7', 'null', '"event"', '{}', noName, '[{"run":{}}]']

    const answer = await sendBatch(port, `[${[first, ...bad, second].join(',')}]`)

    expect(answer.status).toBe(200)
    expect(jsonOf(answer)).toEqual({
      status: 'partial_success',
      summary: { received: 9, successful: 2, failed: 7, retriable: 0, non_retriable: 7 },
      failed_events: [
        { index: 1, reason: 'An event is a JSON object, not an array.', retriable: false },
        { index: 2, reason: 'An event is a JSON object, not a number.', retriable: false },
        { index: 3, reason: 'An event is a JSON object, not null.', retriable: false },
        { index: 4, reason: 'An event is a JSON object, not a string.', retriable: false },
        {
          index: 5,
          reason: 'An event has run and job, or job, or dataset: #/run is required; or a job, or a dataset.',
          retriable: false,
        },
        {
          index: 6,
          reason:
            '2 values differ from JobEvent 2-0-2: #/job/name is required; #/eventTime must be a date and time, such as 2026-01-31T08:00:00Z.',
          retriable: false,
        },
        { index: 7, reason: 'An event is a JSON object, not an array.', retriable: false },
      ],
    })
    expect(receiver.queued.map(textOf)).toEqual([first, second])
  })

  it('answers 200 where it takes none of them: sending again would not help', async () => {
    const port = await start()

    const answer = await sendBatch(port, '[{},{}]')

    expect(answer.status).toBe(200)
    expect(jsonOf(answer)).toMatchObject({
      status: 'partial_success',
      summary: { received: 2, successful: 0, failed: 2, retriable: 0, non_retriable: 2 },
    })
    expect(receiver.queued).toEqual([])
  })

  it('keeps each reason short', async () => {
    const problems = Array.from({ length: 20 }, (_, index) => ({
      pointer: `#/inputs/${index}/${'x'.repeat(300)}`,
      detail: 'is required',
    }))
    const port = await start({ validate: () => ({ ok: false, kind: 'RunEvent', problems }) })

    const answer = await sendBatch(port, '[{}]')

    const [failed] = jsonOf(answer)['failed_events'] as { reason: string }[]
    expect(failed?.reason).toMatch(/^20 or more values differ from RunEvent 2-0-2: #\/inputs\/0\//)
    expect(failed?.reason.length).toBeLessThanOrEqual(500)
  })
})

describe('POST /api/v1/lineage/batch, for a body that is no array of events', () => {
  it.each([
    ['nothing', '', 'The body is empty.'],
    ['blanks', '  ', 'The body ends too early.'],
    ['a cut array', `[${anEventText},{"a":`, 'The body ends too early.'],
    ['a comma too many', `[${anEventText},]`, `breaks off being JSON at byte ${anEventText.length + 2}.`],
    ['two arrays', '[1][2]', 'breaks off being JSON at byte 3.'],
    ['an event that is no JSON', `[${anEventText},{"a" 1}]`, 'Event 1 of the array breaks off being JSON'],
    ['brackets that do not match', '[{"a":[}]]', 'Event 0 of the array'],
    ['a word', 'hello', 'The body has an unexpected "h".'],
    ['a cut object', '{"a":', 'The body ends too early.'],
    ['Latin-1', Buffer.from('[{"a":"\xE9"}]', 'latin1'), 'The body is not UTF-8.'],
  ])('answers 400 to %s, and takes nothing', async (_name, body, detail) => {
    const port = await start()

    const answer = await sendBatch(port, body)

    expect(answer.status).toBe(400)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(answer.json.type).toBe('/problems/body-not-json')
    expect(answer.json.detail).toContain(detail)
    expect(answer.json.detail).toContain('Nothing of this one was taken.')
    expect(receiver.queued).toEqual([])
  })

  it.each([
    ['an object', anEventText, 'One event alone goes to /api/v1/lineage.'],
    ['a number', ' 7 ', 'The body is JSON, but no array.'],
    ['null', 'null', 'Send an array of events.'],
  ])('answers 422 to %s', async (_name, body, detail) => {
    const port = await start()

    const answer = await sendBatch(port, body)

    expect(answer.status).toBe(422)
    expect(answer.json.type).toBe('/problems/batch-invalid')
    expect(answer.json.detail).toContain(detail)
  })

  it('answers 413 to more events than a batch may have, and takes none', async () => {
    const port = await start({ batchEventsMax: 10 })

    const most = await sendBatch(port, `[${eventTexts(10).join()}]`)
    receiver.queued.length = 0
    const tooMany = await sendBatch(port, `[${eventTexts(11).join()}]`)

    expect([most.status, tooMany.status]).toEqual([200, 413])
    expect(tooMany.json.type).toBe('/problems/batch-too-long')
    expect(tooMany.json.detail).toContain('BATCH_EVENTS_MAX')
    expect(tooMany.headers['retry-after']).toBeUndefined()
    expect(receiver.queued).toEqual([])
  })

  it('answers 413 to a body above the limit of bytes, plain or inflated', async () => {
    const port = await start({ bodyBytesMax: 4096 })
    const text = `[${eventTexts(100).join()}]`

    const plain = await sendBatch(port, text)
    const inflated = await sendBatch(port, gzipSync(text), { 'Content-Encoding': 'gzip' })

    expect([plain.status, inflated.status]).toEqual([413, 413])
    expect(plain.json.type).toBe('/problems/body-too-large')
  })

  it('answers 401 without a known key', async () => {
    const port = await start({ keys: ['key'] })

    const refused = await sendBatch(port, '[]')
    const taken = await sendBatch(port, '[]', { Authorization: 'Bearer key' })

    expect([refused.status, taken.status]).toEqual([401, 200])
  })

  it('takes POST alone', async () => {
    const port = await start()

    const answer = await send({ port, method: 'PUT', path: '/api/v1/lineage/batch', body: '[]' })

    expect([answer.status, answer.headers['allow']]).toEqual([405, 'POST'])
  })
})

describe('POST /api/v1/lineage/batch, when events cannot be queued', () => {
  it.each([
    ['Redis does not answer', new QueueUnavailable('connection refused'), '/problems/queue-unavailable'],
    ['the queue is full', new QueueFull('100001 events wait'), '/problems/queue-full'],
  ])('answers 503 with Retry-After: 1 where %s and none was taken', async (_name, error, type) => {
    const port = await start({ addMany: (events) => Promise.resolve(events.map(() => error)) })

    const answer = await sendBatch(port, `[${[...eventTexts(3), '{}'].join()}]`)

    expect(answer.status).toBe(503)
    expect(answer.headers['retry-after']).toBe('1')
    expect(answer.json.type).toBe(type)
    expect(answer.text).not.toContain(error.message)
  })

  it('lists as retriable what was not taken, where some were', async () => {
    const port = await start({
      addMany: (events) =>
        Promise.resolve(
          events.map(
            (_event, position) => [undefined, new QueueFull('full'), new QueueUnavailable('late')][position],
          ),
        ),
    })
    const [first, second, third] = eventTexts(3)

    const answer = await sendBatch(port, `[${[first, '{}', second, third].join()}]`)

    expect(answer.status).toBe(200)
    expect(jsonOf(answer)).toMatchObject({
      status: 'partial_success',
      summary: { received: 4, successful: 1, failed: 3, retriable: 2, non_retriable: 1 },
      failed_events: [
        { index: 1, retriable: false },
        { index: 2, retriable: true, reason: expect.stringContaining('Too many events wait') },
        { index: 3, retriable: true, reason: expect.stringContaining('did not take it in time') },
      ],
    })
  })

  it('gives the queue no longer than the answer may take', async () => {
    const port = await start({
      batchAnswerMsMax: 500,
      addMany: async (events, signal) => {
        await once(signal, 'abort')
        return events.map(() => new QueueUnavailable('late'))
      },
    })

    const answer = await sendBatch(port, `[${anEventText}]`)

    expect(answer.status).toBe(503)
    expect(answer.json.type).toBe('/problems/queue-unavailable')
  })

  it('answers 503 where the array is not even read in time', async () => {
    const port = await start({
      batchAnswerMsMax: 150,
      validate: (value) => {
        const until = performance.now() + 30
        while (performance.now() < until);
        return validate(value)
      },
    })

    const answer = await sendBatch(port, `[${eventTexts(20).join()}]`)

    expect(answer.status).toBe(503)
    expect(answer.headers['retry-after']).toBe('1')
    expect(receiver.queued).toEqual([])
  })

  it('answers 503 when something else goes wrong, and says so in the log', async () => {
    const port = await start({ addMany: () => sleep(1).then(() => Promise.reject(new TypeError('boom'))) })

    const answer = await sendBatch(port, `[${anEventText}]`)

    expect(answer.status).toBe(503)
    expect(answer.json.type).toBe('/problems/unexpected')
    expect(receiver.logged.join()).toContain('boom')
  })
})
