import { createHash } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { Agent } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { problemCatalog } from '../../../src/http/problem.ts'
import { QueueFull, QueueUnavailable } from '../../../src/queue/queue-errors.ts'
import {
  acceptAll,
  anEventText,
  send,
  sendEvent,
  startReceiver,
  type TestReceiver,
  type TestReceiverParts,
} from './receiver.ts'

let receiver: TestReceiver

const authorized = (authorization: string) => ({ Authorization: authorization })

async function start(parts: TestReceiverParts = {}): Promise<number> {
  receiver = await startReceiver(parts)
  return receiver.port
}

afterEach(async () => {
  await receiver.close()
})

describe('POST /api/v1/lineage, for an event it takes', () => {
  it('answers 201 with the id and no warnings', async () => {
    const port = await start()

    const answer = await sendEvent(port, anEventText)

    expect(answer.status).toBe(201)
    expect(answer.headers['content-type']).toBe('application/json')
    expect(answer.headers['content-length']).toBe(String(answer.text.length))
    expect(answer.json).toEqual({ id: createHash('sha256').update(anEventText).digest('hex'), warnings: [] })
  })

  it('queues the text as it came, with its id, its length, its time and its request', async () => {
    const port = await start()
    const text = ` { "unité" : "日本" , "n": 3821550127947089009 }\n`
    const before = new Date().toISOString()

    const answer = await sendEvent(port, text, { 'X-Request-Id': 'airflow-7' })

    const [event] = receiver.queued
    expect(receiver.queued).toHaveLength(1)
    expect(event).toEqual({
      id: answer.json.id,
      receivedAt: expect.any(String),
      requestId: 'airflow-7',
      payload: expect.any(String),
      bytes: Buffer.byteLength(text),
      label: {
        producer: 'https://example.com/producer',
        subject: 'load_orders (warehouse)',
        eventTime: '2026-01-01T00:00:00Z',
      },
    })
    expect(gunzipSync(Buffer.from(event?.payload ?? '', 'base64')).toString()).toBe(text)
    expect(event?.receivedAt.localeCompare(before)).toBeGreaterThanOrEqual(0)
    expect(answer.headers['x-request-id']).toBe('airflow-7')
  })

  it('hands on which facets are not to be interpreted', async () => {
    const port = await start({
      validate: () => ({ ...acceptAll(), brokenFacets: ['#/run/facets/parent'] }),
    })

    await sendEvent(port, anEventText)

    expect(receiver.queued[0]?.brokenFacets).toEqual(['#/run/facets/parent'])
  })

  it('hands on what kinds of warning there were', async () => {
    const port = await start({ validate: () => ({ ...acceptAll(), warningKinds: ['TIME_WITHOUT_ZONE'] }) })

    await sendEvent(port, anEventText)
    await sendEvent(port, anEventText)

    expect(receiver.queued[0]?.warnings).toEqual(['TIME_WITHOUT_ZONE'])
  })

  it('labels the event for who meets it among the dead letters, in few words', async () => {
    const { event } = acceptAll()
    const long = { ...event, producer: `https://example.com/${'x'.repeat(1000)}` }
    const port = await start({ validate: () => ({ ...acceptAll(), event: long }) })

    await sendEvent(port, anEventText)

    expect(receiver.queued[0]?.label?.producer).toMatch(/^https:\/\/example.com\/x+…$/)
    expect(receiver.queued[0]?.label?.producer).toHaveLength(300)
  })

  it('lists a few warnings, cut short, and counts the rest', async () => {
    const warnings = Array.from({ length: 13 }, (_, i) => ({ pointer: `#/${i}`, detail: 'x'.repeat(1000) }))
    const port = await start({ validate: () => ({ ...acceptAll(), warnings }) })

    const answer = await sendEvent(port, anEventText)

    expect(answer.status).toBe(201)
    expect(answer.json.warnings).toHaveLength(10)
    expect(answer.json.moreWarnings).toBe(3)
    expect(answer.text.length).toBeLessThan(3000)
  })

  it('answers only once the queue holds the event', async () => {
    const durable = new EventEmitter()
    const port = await start({ add: () => once(durable, 'yes').then(() => undefined) })
    let answered = false

    const answer = sendEvent(port, anEventText).then((value) => {
      answered = true
      return value
    })
    await sleep(200)
    const answeredBefore = answered
    durable.emit('yes')

    expect((await answer).status).toBe(201)
    expect(answeredBefore).toBe(false)
  })

  it('answers a repeat like the first', async () => {
    const port = await start()

    const first = await sendEvent(port, anEventText)
    const second = await sendEvent(port, anEventText)

    expect(second.status).toBe(201)
    expect(second.json).toEqual(first.json)
  })

  it('serves many requests on one connection', async () => {
    const port = await start()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })

    const answers = await Promise.all(
      Array.from({ length: 50 }, () => send({ port, body: anEventText, agent })),
    )
    agent.destroy()

    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(201))
  })

  it('gives 200 events sent at once to the queue, each once', async () => {
    const port = await start({ add: () => sleep(5) })
    const texts = Array.from({ length: 200 }, (_, n) => JSON.stringify({ n, pad: 'x'.repeat(n * 50) }))

    const answers = await Promise.all(texts.map((text) => sendEvent(port, text)))

    expect(answers.every(({ status }) => status === 201)).toBe(true)
    const seen = receiver.queued.map(({ payload }) => gunzipSync(Buffer.from(payload, 'base64')).toString())
    expect(seen.toSorted()).toEqual(texts.toSorted())
  })

  it('takes an event of several megabytes', async () => {
    const port = await start({ bodyBytesMax: 32 * 1024 * 1024 })
    const text = JSON.stringify({ facet: Array.from({ length: 300_000 }, (_, n) => `column ${n}`) })

    const answer = await sendEvent(port, text)

    expect(answer.status).toBe(201)
    expect(receiver.queued[0]?.bytes).toBe(text.length)
    expect(gunzipSync(Buffer.from(receiver.queued[0]?.payload ?? '', 'base64')).toString() === text).toBe(
      true,
    )
  })

  it('ignores a byte order mark', async () => {
    const port = await start()

    const answer = await sendEvent(port, `\uFEFF${anEventText}`)

    expect(answer.status).toBe(201)
    expect(answer.json.id).toBe(createHash('sha256').update(anEventText).digest('hex'))
    expect(gunzipSync(Buffer.from(receiver.queued[0]?.payload ?? '', 'base64')).toString()).toBe(anEventText)
  })

  it('takes __proto__ for a key like any other', async () => {
    let seen = {}
    const port = await start({
      validate: (value) => {
        seen = Object(value)
        return acceptAll()
      },
    })

    const answer = await sendEvent(
      port,
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    )

    expect(answer.status).toBe(201)
    expect(Object.keys(seen)).toEqual(['__proto__', 'constructor'])
    expect('polluted' in {}).toBe(false)
  })

  it('takes a request that offers an upgrade, as Spark’s client does', async () => {
    const port = await start()

    const answer = await sendEvent(port, anEventText, { Connection: 'Upgrade', Upgrade: 'TLS/1.2' })

    expect(answer.status).toBe(201)
  })

  it('takes a request that waits for 100 Continue, as curl does', async () => {
    const port = await start()

    const answer = await sendEvent(port, anEventText, { Expect: '100-continue' })

    expect(answer.status).toBe(201)
  })
})

describe('POST /api/v1/lineage, for a body that is no event', () => {
  const notJson: [string, string | Buffer, string][] = [
    ['nothing', '', 'The body is empty.'],
    ['a cut object', '{"run":{"runId":', 'The body ends too early.'],
    ['a trailing comma', '{"a":1,}', 'The body breaks off being JSON at position 7.'],
    ['two objects', '{"a":1}\n{"a":2}', 'The body breaks off being JSON at position 8.'],
    ['a word', 'hello', 'The body has an unexpected "h".'],
    ['a form', 'a=1&b=2', 'The body has an unexpected "a".'],
    ['Latin-1', Buffer.from('{"a":"\xE9"}', 'latin1'), 'The body is not UTF-8.'],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 'The body'],
  ]

  it.each(notJson)('answers 400 to %s', async (_name, body, detail) => {
    const port = await start()

    const answer = await sendEvent(port, body)

    expect(answer.status).toBe(400)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(answer.json).toMatchObject({ type: '/problems/body-not-json', status: 400 })
    expect(answer.json.detail).toContain(detail)
    expect(answer.text.length).toBeLessThan(300)
    expect(receiver.queued).toEqual([])
  })

  it('does not repeat the body in its answer', async () => {
    const port = await start()

    const answer = await sendEvent(port, '{"password":hunter2}')

    expect(answer.status).toBe(400)
    expect(answer.text).not.toContain('hunter2')
  })

  it.each([
    ['an array', `[${anEventText}]`, 'The body is an array. Send one event per request, or'],
    ['an empty array', '[]', 'one event per request'],
    ['null', 'null', 'The body is null.'],
    ['a text', '"event"', 'The body is a string.'],
    ['a number', '7', 'The body is a number.'],
  ])('answers 422 to %s', async (_name, body, detail) => {
    const port = await start()

    const answer = await sendEvent(port, body)

    expect(answer.status).toBe(422)
    expect(answer.json.type).toBe('/problems/event-invalid')
    expect(answer.json.detail).toContain(detail)
    expect(receiver.queued).toEqual([])
  })

  it('answers 422 with pointers to what is wrong', async () => {
    const problems = [
      { pointer: '#/job/namespace', detail: 'is required' },
      { pointer: '#/run/runId', detail: 'must be a string' },
    ]
    const port = await start({ validate: () => ({ ok: false, kind: 'RunEvent', problems }) })

    const answer = await sendEvent(port, anEventText, { 'X-Request-Id': '7f0c' })

    expect(answer.status).toBe(422)
    expect(answer.json).toEqual({
      type: '/problems/event-invalid',
      title: 'The event does not match its schema',
      status: 422,
      detail: '2 values differ from RunEvent 2-0-2.',
      instance: '/requests/7f0c',
      errors: problems,
    })
    expect(receiver.queued).toEqual([])
  })

  it('says of one wrong value that it is one', async () => {
    const problems = [{ pointer: '#/job/name', detail: 'is required' }]
    const port = await start({ validate: () => ({ ok: false, kind: 'JobEvent', problems }) })

    expect((await sendEvent(port, anEventText)).json.detail).toBe('1 value differs from JobEvent 2-0-2.')
  })

  it('lists a few of many wrong values and counts the rest', async () => {
    const problems = Array.from({ length: 20 }, (_, i) => ({
      pointer: `#/inputs/${i}`,
      detail: 'is required',
    }))
    const port = await start({ validate: () => ({ ok: false, kind: 'RunEvent', problems }) })

    const answer = await sendEvent(port, anEventText)

    expect(answer.json.detail).toBe('20 or more values differ from RunEvent 2-0-2.')
    expect(answer.json.errors).toHaveLength(10)
    expect(answer.json.moreErrors).toBe(10)
  })

  it('says what an event has when the body is none of the three kinds', async () => {
    const problems = [{ pointer: '#/run', detail: 'is required' }]
    const port = await start({ validate: () => ({ ok: false, kind: 'unknown', problems }) })

    const answer = await sendEvent(port, '{}')

    expect(answer.status).toBe(422)
    expect(answer.json.detail).toBe('An event has run and job, or job, or dataset.')
  })
})

describe('POST /api/v1/lineage, when the event cannot be queued', () => {
  it.each([
    ['Redis does not answer', new QueueUnavailable('connection refused'), '/problems/queue-unavailable'],
    ['the queue is full', new QueueFull('100001 events wait'), '/problems/queue-full'],
    ['something else goes wrong', new TypeError('boom'), '/problems/unexpected'],
  ])('answers 503 with Retry-After: 1 where %s', async (_name, error, type) => {
    const port = await start({ add: () => Promise.reject(error) })

    const answer = await sendEvent(port, anEventText)

    expect(answer.status).toBe(503)
    expect(answer.headers['retry-after']).toBe('1')
    expect(answer.json.type).toBe(type)
    expect(answer.text).not.toContain(error.message)
  })

  it('logs what nobody expected, with its stack', async () => {
    const port = await start({ add: () => Promise.reject(new TypeError('boom')) })

    const answer = await sendEvent(port, anEventText)

    const line = JSON.parse(receiver.logged.at(-1) ?? '{}')
    expect(line).toMatchObject({
      msg: 'request failed unexpectedly',
      err: { type: 'TypeError', message: 'boom' },
    })
    expect(line.err.stack).toContain('lineage-routes.test.ts')
    expect(answer.json.instance).toBe(`/requests/${line.requestId}`)
  })

  it('answers 503 when the validator itself fails', async () => {
    const port = await start({
      validate: () => {
        throw new Error('no such schema')
      },
    })

    const answer = await sendEvent(port, anEventText)

    expect(answer.status).toBe(503)
    expect(answer.headers['retry-after']).toBe('1')
  })

  it('answers 503 in time when the queue never answers', async () => {
    const port = await start({ add: () => new Promise(() => {}), answerMsMax: 400 })

    const answer = await sendEvent(port, anEventText)

    expect(answer.status).toBe(503)
    expect(answer.headers['retry-after']).toBe('1')
    expect(answer.json.type).toBe('/problems/queue-unavailable')
    expect(answer.ms).toBeLessThan(400)
    expect(answer.ms).toBeGreaterThan(250)
  })

  it('counts the time from the last byte, not from the first', async () => {
    const port = await start({ add: () => sleep(200), answerMsMax: 400 })
    const socket = connect(port, '127.0.0.1')
    const answered = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())))

    socket.write(`POST /api/v1/lineage HTTP/1.1\r\nHost: a\r\nContent-Length: ${anEventText.length}\r\n\r\n`)
    await sleep(300)
    socket.write(anEventText.slice(0, 10))
    await sleep(300)
    socket.write(anEventText.slice(10))

    expect(await answered).toMatch(/^HTTP\/1\.1 201 /)
    socket.destroy()
  })

  it('is not troubled by a queue that fails after the answer', async () => {
    const port = await start({
      add: () => sleep(250).then(() => Promise.reject(new QueueUnavailable('too late'))),
      answerMsMax: 150,
    })
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', note)

    const answer = await sendEvent(port, anEventText)
    await sleep(300)
    process.off('unhandledRejection', note)

    expect(answer.status).toBe(503)
    expect(unhandled).toEqual([])
  })

  it('tells the operator, but not once for each event', async () => {
    const port = await start({ add: () => Promise.reject(new QueueFull('100001 events wait')) })

    for (let sent = 0; sent < 5; sent += 1) await sendEvent(port, anEventText)

    const warnings = receiver.logged.map((line) => JSON.parse(line)).filter(({ level }) => level === 40)
    expect(warnings).toMatchObject([{ msg: 'events refused', refused: 1, cause: '100001 events wait' }])
  })
})

describe('POST /api/v1/lineage, with API keys', () => {
  it.each(['Bearer second-key', 'bearer second-key', 'BEARER  second-key ', 'Bearer first-key'])(
    'takes an event with %s',
    async (authorization) => {
      const port = await start({ keys: ['first-key', 'second-key'] })

      expect((await sendEvent(port, anEventText, authorized(authorization))).status).toBe(201)
    },
  )

  it.each(['', 'Bearer', 'Bearer ', 'Bearer first-ke', 'Bearer first-keyy', 'Basic first-key', 'first-key'])(
    'answers 401 to "%s"',
    async (authorization) => {
      const port = await start({ keys: ['first-key', 'second-key'] })

      const answer = await sendEvent(port, anEventText, authorized(authorization))

      expect(answer.status).toBe(401)
      expect(answer.headers['www-authenticate']).toBe('Bearer')
      expect(answer.json.type).toBe('/problems/key-unknown')
      expect(receiver.queued).toEqual([])
    },
  )

  it('asks for the key before it looks at the body', async () => {
    const port = await start({ keys: ['first-key'], bodyBytesMax: 1024 })

    const answer = await sendEvent(port, 'x'.repeat(2000), { 'Content-Type': 'image/png' })

    expect(answer.status).toBe(401)
  })

  it('gets its 401 through to who first sends a large body, and goes on with the connection', async () => {
    const port = await start({ keys: ['first-key'] })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const chunks = Array.from({ length: 20 }, () => Buffer.alloc(1024 * 1024, 'x'))

    const refused = await send({ port, chunks, agent })
    const taken = await send({ port, body: anEventText, agent, headers: authorized('Bearer first-key') })
    agent.destroy()

    expect([refused.status, taken.status]).toEqual([401, 201])
  })

  it('never logs a key or a body', async () => {
    const port = await start({
      keys: ['first-key'],
      logLevel: 'trace',
      add: () => Promise.reject(new Error('x')),
    })

    await sendEvent(port, anEventText, authorized('Bearer first-key'))
    await sendEvent(port, anEventText, authorized('Bearer wrong-key'))
    await send({ port, path: '/api/v1/lineage?token=query-secret', body: anEventText })

    const all = receiver.logged.join('')
    expect(all).toContain('request answered')
    for (const secret of ['first-key', 'wrong-key', 'query-secret', 'load_orders'])
      expect(all).not.toContain(secret)
  })
})

describe('the answers', () => {
  it('are never one that a client misunderstands', () => {
    const statuses = Object.values(problemCatalog).map(({ status }) => status)

    for (const status of [202, 204, 301, 302, 307, 308, 429, 500, 502, 504])
      expect(statuses).not.toContain(status)
  })
})
