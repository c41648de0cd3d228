import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { readConfig } from '../../../src/config.ts'
import { createRedactor } from '../../../src/redact/redactor.ts'
import { createEventValidator } from '../../../src/validate/validate-event.ts'
import { someDeadLetters } from '../../support/some-dead-letters.ts'
import { send, sendEvent, startReceiver, type TestReceiver } from './receiver.ts'

const { redactNames: names, redactParameters: parameters } = readConfig({})
const validate = createEventValidator({ strict: false })
const redact = createRedactor({ names, parameters })
const secret = 'hunter2'

let receiver: TestReceiver

afterEach(async () => {
  await receiver.close()
})

function eventText({ password, namespace }: { password: string; namespace: string }): string {
  return `{"eventTime":"2026-01-01T00:00:00Z", "producer":"https://example.com/p","schemaURL":"https://example.com/s",
    "run":{"runId":"01936f2e-7c1e-7000-8000-000000000001","facets":{
      "environmentVariables":{"_producer":"https://example.com/p","_schemaURL":"https://example.com/s",
        "environmentVariables":[{"name":"DB_PASSWORD","value":"${password}"}]},
      "count":{"_producer":"https://example.com/p","_schemaURL":"https://example.com/s","rows":3821550127947089009}}},
    "job":{"namespace":"${namespace}","name":"load"}}`
}

const sent = eventText({ password: secret, namespace: `postgres://etl:${secret}@db` })
const kept = eventText({ password: '***', namespace: 'postgres://etl:***@db' })
const keptId = createHash('sha256').update(kept).digest('hex')

/** Whatever came of a request, as one text. */
const everything = () =>
  JSON.stringify([receiver.queued, receiver.logged]) +
  receiver.queued.map(({ payload }) => gunzipSync(Buffer.from(payload, 'base64')).toString()).join()

describe('an event with secrets', () => {
  it('is hashed and queued without them, and says so among its warnings', async () => {
    receiver = await startReceiver({ validate, redact, logLevel: 'trace' })

    const answer = await sendEvent(receiver.port, sent)

    expect(answer.status).toBe(201)
    expect(answer.json).toEqual({
      id: keptId,
      warnings: [
        {
          pointer: '#/run/facets/environmentVariables/environmentVariables/0/value',
          detail: 'looks like a secret and was redacted, 1 of 2',
        },
        { pointer: '#/job/namespace', detail: 'looks like a secret and was redacted, 2 of 2' },
      ],
    })
    const [event] = receiver.queued
    expect(event).toMatchObject({ id: keptId, bytes: Buffer.byteLength(kept), warnings: ['SECRET_REDACTED'] })
    expect(event?.label?.subject).toBe('load (postgres://etl:***@db)')
    expect(gunzipSync(Buffer.from(event?.payload ?? '', 'base64')).toString()).toBe(kept)
    expect(receiver.logged.length).toBeGreaterThan(0)
    expect(everything()).not.toContain(secret)
  })

  it('is the same event when it comes compressed, in a batch, or redacted before', async () => {
    receiver = await startReceiver({ validate, redact })

    const compressed = await sendEvent(receiver.port, gzipSync(sent), { 'Content-Encoding': 'gzip' })
    const batch = await send({ port: receiver.port, path: '/api/v1/lineage/batch', body: `[ ${sent} ]` })
    const again = await sendEvent(receiver.port, kept)

    expect([compressed.status, batch.status, again.status]).toEqual([201, 200, 201])
    expect(receiver.queued.map(({ id, warnings }) => ({ id, warnings }))).toEqual(
      Array.from({ length: 3 }, () => ({ id: keptId, warnings: ['SECRET_REDACTED'] })),
    )
    expect(again.json.warnings).toEqual([])
    expect(everything()).not.toContain(secret)
  })

  it('is taken by a strict receiver too: it is no fault of the event', async () => {
    receiver = await startReceiver({ validate: createEventValidator({ strict: true }), redact })

    const answer = await sendEvent(receiver.port, eventText({ password: secret, namespace: 'db' }))

    expect(answer.status).toBe(201)
  })

  it('takes the place of a dead letter without them', async () => {
    const letter = 'a'.repeat(64)
    const deadLetters = someDeadLetters()
    await deadLetters.add(
      { id: letter, receivedAt: '2026-01-01T00:00:00Z', requestId: 'r', payload: '', bytes: 1 },
      { kind: 'MERGE_FAILED', reason: 'it has too many names' },
    )
    receiver = await startReceiver({ validate, redact, deadLetters })

    const answer = await send({
      port: receiver.port,
      path: `/api/v2/dead-letters/${letter}/retry`,
      body: sent,
      headers: { 'Content-Type': 'application/json' },
    })

    expect(answer.status).toBe(200)
    expect(answer.json).toMatchObject({ id: keptId, replaced: letter })
    expect(answer.json.warnings).toHaveLength(2)
    expect(everything()).not.toContain(secret)
  })

  it('is kept as it is where redaction is off', async () => {
    receiver = await startReceiver({ validate })

    const answer = await sendEvent(receiver.port, sent)

    expect(answer.json).toEqual({ id: createHash('sha256').update(sent).digest('hex'), warnings: [] })
    expect(receiver.queued[0]?.warnings).toBeUndefined()
  })
})

describe('an event that its redaction makes too long a name for', () => {
  it('is refused, alone and in a batch', async () => {
    receiver = await startReceiver({ validate, redact })
    const text = eventText({ password: '', namespace: `postgres://u:a@h/${'n'.repeat(4074)}` })

    const alone = await sendEvent(receiver.port, text)
    const batch = await send({ port: receiver.port, path: '/api/v1/lineage/batch', body: `[${text}]` })

    expect(alone.status).toBe(422)
    expect(JSON.parse(batch.text)).toMatchObject({ failed_events: [{ index: 0, retriable: false }] })
    expect(receiver.queued).toEqual([])
  })
})
