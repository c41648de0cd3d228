import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { Fault } from '../../../src/queue/fault.ts'
import { QueueFull, QueueUnavailable } from '../../../src/queue/queue-errors.ts'
import type { QueuedEvent } from '../../../src/queue/queued-event.ts'
import { toQueuedEvent, toQueueEntry } from '../../../src/receive/to-queued-event.ts'
import { createEventValidator } from '../../../src/validate/validate-event.ts'
import { aRunEvent } from '../../support/events.ts'
import { aQueuedEvent } from '../../support/queued-events.ts'
import { someDeadLetters } from '../../support/some-dead-letters.ts'
import { send, startReceiver, type Answer, type TestReceiver, type TestReceiverParts } from './receiver.ts'

let receiver: TestReceiver

const validate = createEventValidator({ strict: false })
const ahead: Fault = { kind: 'EVENT_AHEAD', reason: 'The eventTime is ahead.', pointer: '#/eventTime' }
const path = '/api/v2/dead-letters'

async function start(parts: TestReceiverParts = {}) {
  const deadLetters = someDeadLetters()
  receiver = await startReceiver({ validate, deadLetters, ...parts })
  const { port } = receiver
  const ask = (method: string, where: string, body?: unknown): Promise<Answer> =>
    send({
      port,
      method,
      path: `${path}${where}`,
      ...(body !== undefined && {
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'Content-Type': 'application/json' },
      }),
    })
  return { port, deadLetters, ask }
}

afterEach(async () => {
  await receiver.close()
})

/** As the receiver would have queued it. */
async function queuedOf(text: string): Promise<QueuedEvent> {
  const verdict = validate(JSON.parse(text))
  if (!verdict.ok) throw new Error('the event is not valid')
  const arrival = { requestId: 'r1', receivedAt: '2026-11-22T10:00:00.000Z' }
  return await toQueuedEvent(toQueueEntry({ text: Buffer.from(text) }, verdict), arrival)
}

const isAway = () => Promise.reject(new QueueUnavailable('connection refused'))
const jsonOf = (answer: Answer): Record<string, unknown> => JSON.parse(answer.text)
const idOf = (text: string) => createHash('sha256').update(text).digest('hex')
const eventText = (name: string, more: object = {}) =>
  JSON.stringify(aRunEvent({ job: { namespace: 'jobs', name }, ...more }))

describe('GET /api/v2/dead-letters', () => {
  it('lists letters with what a table needs, the newest first', async () => {
    const { deadLetters, ask } = await start()
    const event = await queuedOf(eventText('load'))
    await deadLetters.add(aQueuedEvent('old'), { kind: 'MERGE_FAILED', reason: 'no' })
    await deadLetters.add(event, ahead)

    const answer = await ask('GET', '')

    expect(answer.status).toBe(200)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(jsonOf(answer)).toEqual({
      deadLetters: [
        {
          id: event.id,
          ...ahead,
          producer: 'https://example.com/producer',
          subject: 'load (jobs)',
          eventTime: '2026-11-22T10:00:00Z',
          eventType: 'START',
          firstAt: expect.any(String),
          lastAt: expect.any(String),
          attempts: 1,
          bytes: event.bytes,
        },
        expect.objectContaining({ kind: 'MERGE_FAILED', producer: null, subject: null }),
      ],
      total: 2,
    })
  })

  it('pages and filters', async () => {
    const { deadLetters, ask } = await start()
    for (const name of ['a', 'b', 'c']) await deadLetters.add(await queuedOf(eventText(name)), ahead)
    await deadLetters.add(aQueuedEvent('other'), { kind: 'MERGE_FAILED', reason: 'no' })

    const first = jsonOf(await ask('GET', '?kind=EVENT_AHEAD&limit=2'))
    const second = jsonOf(await ask('GET', `?kind=EVENT_AHEAD&limit=2&cursor=${String(first['next'])}`))

    expect(first['deadLetters']).toHaveLength(2)
    expect(second['deadLetters']).toMatchObject([{ subject: 'a (jobs)' }])
    expect(second['next']).toBeUndefined()
  })

  it.each([
    ['?limit=0', 'limit must be a whole number from 1 to 1000.'],
    ['?limit=x', 'limit must be'],
    ['?kind=WRONG', 'kind must be one of EVENT_AHEAD, TEXT_DAMAGED, WORKER_ENDED, MERGE_FAILED.'],
    ['?from=yesterday', 'from must be a time such as'],
    ['?producers=a', 'There is no parameter "producers". Known are producer, kind, from, to, limit, cursor.'],
  ])('answers 400 to %s', async (query, detail) => {
    const { ask } = await start()

    const answer = await ask('GET', query)

    expect(answer.status).toBe(400)
    expect(answer.json.type).toBe('/problems/request-invalid')
    expect(answer.json.detail).toContain(detail)
  })

  it('answers 503 while Redis is away', async () => {
    const { ask } = await start({ deadLetters: { ...someDeadLetters(), list: isAway } })

    const answer = await ask('GET', '')

    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1'])
    expect(answer.json.detail).toContain('Redis, which keeps the dead letters')
  })

  it('needs a key where keys are configured, as every route beside it', async () => {
    const { ask } = await start({ keys: ['key'] })

    const answers = [
      await ask('GET', ''),
      await ask('GET', '/groups'),
      await ask('GET', '/ab'),
      await ask('GET', '/ab/event'),
      await ask('POST', '/ab/retry'),
      await ask('DELETE', '/ab'),
      await ask('POST', '/retry', { all: true }),
      await ask('POST', '/drop', { all: true }),
    ]

    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(401))
  })
})

describe('GET /api/v2/dead-letters/groups', () => {
  it('counts letters by kind and producer, the most first', async () => {
    const { deadLetters, ask } = await start()
    await deadLetters.add(aQueuedEvent('x'), { kind: 'MERGE_FAILED', reason: 'no' })
    for (const name of ['a', 'b']) await deadLetters.add(await queuedOf(eventText(name)), ahead)

    expect(jsonOf(await ask('GET', '/groups'))).toEqual({
      groups: [
        { kind: 'EVENT_AHEAD', producer: 'https://example.com/producer', letters: 2 },
        { kind: 'MERGE_FAILED', producer: '', letters: 1 },
      ],
    })
  })
})

describe('GET /api/v2/dead-letters/{id}', () => {
  it('explains: the reason, where in the event and in the standard, what to do, how many like it', async () => {
    const { deadLetters, ask } = await start()
    const text = eventText('load', { run: { runId: 'run-1', facets: { parent: 7 } } })
    const event = await queuedOf(text)
    await deadLetters.add(event, ahead)
    await deadLetters.add(await queuedOf(eventText('other')), ahead)

    const answer = await ask('GET', `/${event.id}`)

    expect(answer.status).toBe(200)
    expect(jsonOf(answer)).toMatchObject({
      id: event.id,
      ...ahead,
      meaning: expect.stringContaining('further ahead'),
      advice: expect.stringContaining('Correct the clock'),
      standard: {
        schema: 'BaseEvent 2-0-2',
        path: 'eventTime',
        url: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/BaseEvent',
      },
      sameKind: 2,
      receivedAt: '2026-11-22T10:00:00.000Z',
      requestId: 'r1',
      findings: [
        { pointer: '#/run/runId', detail: 'is not a UUID', standard: { schema: 'Run 2-0-2' } },
        {
          pointer: '#/run/facets/parent',
          detail: 'must be an object',
          standard: { schema: 'ParentRunFacet 1-2-0', path: '' },
        },
      ],
      event: JSON.parse(text),
    })
  })

  it('gives the event as it was received, digit by digit', async () => {
    const { deadLetters, ask } = await start()
    const text = eventText('load').replace('{', '{ "snapshotId" : 3821550127947089009 ,')
    const event = await queuedOf(text)
    await deadLetters.add(event, ahead)

    const shown = await ask('GET', `/${event.id}`)
    const alone = await ask('GET', `/${event.id}/event`)

    expect(shown.text).toContain('"snapshotId" : 3821550127947089009')
    expect(alone.text).toBe(text)
  })

  it('takes the beginning of an id, if it is the only one', async () => {
    const { deadLetters, ask } = await start()
    const event = await queuedOf(eventText('load'))
    await deadLetters.add(event, ahead)
    await deadLetters.add(aQueuedEvent('x', { id: `${event.id.slice(0, 8)}${'0'.repeat(56)}` }), ahead)

    const found = await ask('GET', `/${event.id.slice(0, 20).toUpperCase()}`)
    const several = await ask('GET', `/${event.id.slice(0, 8)}`)

    expect(jsonOf(found)['id']).toBe(event.id)
    expect(several.status).toBe(400)
    expect(several.json.detail).toContain('Several ids begin with')
  })

  it.each(['0'.repeat(64), 'abc', 'not-an-id', '0'.repeat(65), '%2e%2e'])('answers 404 to %s', async (id) => {
    const { ask } = await start()

    const answer = await ask('GET', `/${id}`)

    expect(answer.status).toBe(404)
    expect(answer.json.type).toBe('/problems/dead-letter-unknown')
  })

  it('shows what there is of a damaged event', async () => {
    const { deadLetters, ask } = await start()
    const event = aQueuedEvent('x', { payload: 'AAAA' })
    await deadLetters.add(event, { kind: 'TEXT_DAMAGED', reason: 'The queued text of the event is damaged.' })

    const shown = await ask('GET', `/${event.id}`)
    const alone = await ask('GET', `/${event.id}/event`)

    expect(jsonOf(shown)).toMatchObject({ kind: 'TEXT_DAMAGED', findings: [], event: null })
    expect([alone.status, alone.json.type]).toEqual([409, '/problems/dead-letter-damaged'])
  })
})

describe('POST /api/v2/dead-letters/{id}/retry', () => {
  it('puts the event back into the queue, and the letter goes', async () => {
    const { deadLetters, ask } = await start()
    const event = await queuedOf(eventText('load'))
    await deadLetters.add(event, ahead)

    const answer = await ask('POST', `/${event.id}/retry`)
    const again = await ask('POST', `/${event.id}/retry`)

    expect(jsonOf(answer)).toEqual({ id: event.id })
    expect(again.status).toBe(404)
    expect(receiver.queued).toEqual([event])
    expect(await deadLetters.count()).toBe(0)
  })

  it('queues an edited event in its place, under the id of its new text', async () => {
    const { deadLetters, ask } = await start()
    const event = await queuedOf(eventText('load'))
    await deadLetters.add(event, ahead)
    const edited = eventText('load', { eventTime: '2026-11-01T00:00:00' })

    const answer = await ask('POST', `/${event.id}/retry`, edited)

    expect(answer.status).toBe(200)
    expect(jsonOf(answer)).toEqual({
      id: idOf(edited),
      replaced: event.id,
      warnings: [{ pointer: '#/eventTime', detail: 'has no zone; taken as UTC' }],
    })
    expect(receiver.queued).toMatchObject([{ id: idOf(edited), warnings: ['TIME_WITHOUT_ZONE'] }])
    const [queued] = receiver.queued
    expect(gunzipSync(Buffer.from(queued?.payload ?? '', 'base64')).toString()).toBe(edited)
    expect(await deadLetters.count()).toBe(0)
  })

  it.each([
    ['no JSON', '{"a"', 400, '/problems/body-not-json'],
    ['no event', '[]', 422, '/problems/event-invalid'],
    ['an event that is not valid', '{"run":{}}', 422, '/problems/event-invalid'],
  ])('refuses an edited text that is %s, and the letter stays', async (_name, body, status, type) => {
    const { deadLetters, ask } = await start()
    const event = await queuedOf(eventText('load'))
    await deadLetters.add(event, ahead)

    const answer = await ask('POST', `/${event.id}/retry`, body)

    expect([answer.status, answer.json.type]).toEqual([status, type])
    expect(receiver.queued).toEqual([])
    expect(await deadLetters.count()).toBe(1)
  })

  it.each([
    [new QueueFull('full'), '/problems/queue-full'],
    [new QueueUnavailable('away'), '/problems/queue-unavailable'],
  ])('keeps the letter where the queue takes nothing: %s', async (refusal, type) => {
    const { deadLetters, ask } = await start({ add: () => Promise.reject(refusal) })
    const event = await queuedOf(eventText('load'))
    await deadLetters.add(event, ahead)

    const plain = await ask('POST', `/${event.id}/retry`)
    const edited = await ask('POST', `/${event.id}/retry`, eventText('edited'))

    expect([plain.status, edited.status]).toEqual([503, 503])
    expect(plain.json.type).toBe(type)
    expect(await deadLetters.count()).toBe(1)
  })
})

describe('DELETE /api/v2/dead-letters/{id}', () => {
  it('drops the letter', async () => {
    const { deadLetters, ask } = await start()
    const event = await queuedOf(eventText('load'))
    await deadLetters.add(event, ahead)

    const answer = await ask('DELETE', `/${event.id.slice(0, 12)}`)

    expect(jsonOf(answer)).toEqual({ id: event.id })
    expect((await ask('DELETE', `/${event.id}`)).status).toBe(404)
    expect(receiver.queued).toEqual([])
  })
})

describe('POST /api/v2/dead-letters/retry and /drop', () => {
  it('retries those named, and tells which there are not', async () => {
    const { deadLetters, ask } = await start()
    const events = [await queuedOf(eventText('a')), await queuedOf(eventText('b'))]
    for (const event of events) await deadLetters.add(event, ahead)
    const unknown = '0'.repeat(64)

    const answer = await ask('POST', '/retry', { ids: [events[0]?.id, unknown] })

    expect(jsonOf(answer)).toEqual({ retried: 1, unknown: [unknown] })
    expect(receiver.queued).toEqual([events[0]])
    expect(await deadLetters.count()).toBe(1)
  })

  it('retries what a filter finds', async () => {
    const { deadLetters, ask } = await start()
    await deadLetters.add(await queuedOf(eventText('a')), ahead)
    await deadLetters.add(aQueuedEvent('other'), { kind: 'MERGE_FAILED', reason: 'no' })

    const answer = await ask('POST', '/retry', { kind: 'EVENT_AHEAD', producer: 'example.com' })

    expect(jsonOf(answer)).toEqual({ retried: 1 })
    expect(await deadLetters.count()).toBe(1)
  })

  it('drops all, only when told so', async () => {
    const { deadLetters, ask } = await start()
    for (const name of ['a', 'b']) await deadLetters.add(await queuedOf(eventText(name)), ahead)

    const nothing = await ask('POST', '/drop', {})
    const all = await ask('POST', '/drop', { all: true })

    expect([nothing.status, jsonOf(all)]).toEqual([400, { dropped: 2 }])
    expect(receiver.queued).toEqual([])
    expect(await deadLetters.count()).toBe(0)
  })

  it.each([
    [{}, 'Name the letters'],
    [{ all: false }, 'Name the letters'],
    [{ cursor: '1-a' }, 'Name the letters'],
    [[], 'The body must be a JSON object.'],
    [{ ids: [] }, 'ids must be a list of 1 to 1000 ids.'],
    [{ ids: [7] }, 'ids must be texts.'],
    [{ ids: ['a'], all: true }, 'Send either ids or all.'],
    [{ kind: 7 }, 'kind must be a text.'],
    [{ kinds: 'a' }, 'There is no parameter "kinds".'],
  ])('answers 400 to %j, and does nothing', async (selection, detail) => {
    const { deadLetters, ask } = await start()
    await deadLetters.add(aQueuedEvent('x'), ahead)

    const answer = await ask('POST', '/drop', selection)

    expect(answer.status).toBe(400)
    expect(answer.json.detail).toContain(detail)
    expect(await deadLetters.count()).toBe(1)
  })
})
