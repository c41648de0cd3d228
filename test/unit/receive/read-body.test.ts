import { Agent } from 'node:http'
import { connect } from 'node:net'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { constants, deflateRawSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib'
import { anEventText, send, sendEvent, startReceiver, type TestReceiver } from './receiver.ts'

const mebibyte = 1024 * 1024
const bodyBytesMax = 4 * mebibyte

let receiver: TestReceiver

beforeAll(async () => {
  receiver = await startReceiver({ bodyBytesMax })
})
beforeEach(() => {
  receiver.queued.length = 0
  receiver.logged.length = 0
})
afterAll(async () => {
  await receiver.close()
})

const gzipHeaders = { 'Content-Encoding': 'gzip' }
const textOf = (payload = '') => gunzipSync(Buffer.from(payload, 'base64')).toString()
const queuedText = () => textOf(receiver.queued[0]?.payload)
/** JSON that compresses badly, so that its compressed form is large too. */
const aLargeText = (bytes: number) =>
  JSON.stringify({ noise: randomBytes(Math.ceil(bytes / 2)).toString('hex') })
/** A JSON text of exactly so many bytes. */
const textOfBytes = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`
const toChunks = (buffer: Buffer, bytes: number) =>
  Array.from({ length: Math.ceil(buffer.length / bytes) }, (_, i) =>
    buffer.subarray(i * bytes, (i + 1) * bytes),
  )

describe('a body’s Content-Type', () => {
  it.each([
    'application/json',
    'application/json; charset=UTF-8',
    'application/json;charset=utf-8',
    'Application/JSON ; Charset="latin1"',
    'application/vnd.openlineage+json',
    'application/cloudevents+json; charset=utf-8',
    'text/json',
    '',
  ])('may be "%s"', async (contentType) => {
    const answer = await sendEvent(receiver.port, anEventText, { 'Content-Type': contentType })

    expect(answer.status).toBe(201)
  })

  it('may be missing', async () => {
    expect((await send({ port: receiver.port, body: anEventText })).status).toBe(201)
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'application/jsonp',
    'json',
  ])('is refused with 415 when it is %s', async (contentType) => {
    const answer = await sendEvent(receiver.port, anEventText, { 'Content-Type': contentType })

    expect(answer.status).toBe(415)
    expect(answer.json.type).toBe('/problems/media-type-unsupported')
    expect(answer.json.detail).toContain('application/json')
  })

  it('is refused with a hint when it stands for several events', async () => {
    const answer = await sendEvent(receiver.port, anEventText, { 'Content-Type': 'application/x-ndjson' })

    expect(answer.status).toBe(415)
    expect(answer.json.detail).toContain('one event per request')
  })
})

describe('a body’s Content-Encoding', () => {
  const encoded: [string, string, Buffer][] = [
    ['gzip', 'gzip', gzipSync(anEventText)],
    ['gzip in capitals', ' GZIP', gzipSync(anEventText)],
    ['gzip by its old name', 'x-gzip', gzipSync(anEventText)],
    ['deflate', 'deflate', deflateSync(anEventText)],
    ['deflate at its least', 'deflate', deflateSync(anEventText, { level: 1 })],
    ['deflate without the zlib wrapper', 'deflate', deflateRawSync(anEventText)],
    ['identity', 'identity', Buffer.from(anEventText)],
  ]

  it.each(encoded)('may be %s', async (_name, encoding, body) => {
    const answer = await sendEvent(receiver.port, body, { 'Content-Encoding': encoding })

    expect(answer.status).toBe(201)
    expect(queuedText()).toBe(anEventText)
    expect(receiver.queued[0]?.bytes).toBe(anEventText.length)
  })

  it.each(encoded)('may be %s, chunked, byte by byte', async (_name, encoding, body) => {
    const answer = await send({
      port: receiver.port,
      chunks: toChunks(body, 1),
      headers: { 'Content-Encoding': encoding },
    })

    expect(answer.status).toBe(201)
    expect(queuedText()).toBe(anEventText)
  })

  it.each(['br', 'zstd', 'compress', 'gzip, gzip', 'utf-8'])(
    'is refused with 415 when it is %s',
    async (encoding) => {
      const answer = await sendEvent(receiver.port, anEventText, { 'Content-Encoding': encoding })

      expect(answer.status).toBe(415)
      expect(answer.json.type).toBe('/problems/encoding-unsupported')
      expect(answer.headers['accept-encoding']).toBe('gzip, deflate, identity')
    },
  )

  it('names the same id, whatever it is', async () => {
    const answers = await Promise.all(
      encoded.map(([, encoding, body]) => sendEvent(receiver.port, body, { 'Content-Encoding': encoding })),
    )

    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1)
  })

  const large = aLargeText(3 * mebibyte)
  it.each([
    ['gzip', gzipSync(large)],
    ['deflate', deflateSync(large)],
    ['deflate', deflateRawSync(large)],
  ])('may be %s for a large body, with and without a length', async (encoding, body) => {
    const headers = { 'Content-Encoding': encoding }

    const whole = await sendEvent(receiver.port, body, headers)
    const chunked = await send({ port: receiver.port, chunks: toChunks(body, 50_000), headers })

    expect([whole.status, chunked.status]).toEqual([201, 201])
    for (const { payload } of receiver.queued) expect(textOf(payload) === large).toBe(true)
  })
})

describe('a gzip body', () => {
  it.each([
    ['small', anEventText.repeat(1)],
    ['large', aLargeText(2 * mebibyte)],
  ])('is handed on as it came when it is %s', async (_name, text) => {
    const sent = gzipSync(text, { level: 9 })

    await sendEvent(receiver.port, sent, gzipHeaders)

    expect(receiver.queued[0]?.payload === sent.toString('base64')).toBe(true)
    expect(queuedText() === text).toBe(true)
  })

  it.each([
    ['of two streams', Buffer.concat([gzipSync('{"a":'), gzipSync('1}')])],
    ['with bytes after its end', Buffer.concat([gzipSync('{"a":1}'), Buffer.alloc(100)])],
    ['larger than its text', gzipSync('{"a":1}')],
    ['with a byte order mark', gzipSync(`\uFEFF{"a":1}`)],
  ])('is compressed again when it is one %s', async (_name, sent) => {
    const answer = await sendEvent(receiver.port, sent, gzipHeaders)

    expect(answer.status).toBe(201)
    expect(queuedText()).toBe('{"a":1}')
    expect(receiver.queued[0]?.payload).not.toBe(sent.toString('base64'))
  })

  it('may have bytes after its end when it is large, and the connection goes on', async () => {
    const text = aLargeText(2 * mebibyte)
    const sent = Buffer.concat([gzipSync(text), Buffer.alloc(2 * mebibyte)])
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })

    const answer = await send({ port: receiver.port, body: sent, headers: gzipHeaders, agent })
    const next = await send({ port: receiver.port, body: anEventText, agent })
    agent.destroy()

    expect([answer.status, next.status]).toEqual([201, 201])
    expect(queuedText() === text).toBe(true)
  })

  const small = gzipSync(anEventText)
  const large = gzipSync(aLargeText(mebibyte))
  it.each([
    ['is empty', Buffer.alloc(0), 'ends in the middle'],
    ['is cut', small.subarray(0, -9), 'ends in the middle'],
    ['is large and cut', large.subarray(0, -9), 'ends in the middle'],
    ['is plain JSON', Buffer.from(anEventText), 'is not gzip'],
    ['is large and not gzip', randomBytes(200_000), 'is not gzip'],
    [
      'is damaged',
      Buffer.concat([small.subarray(0, 40), Buffer.alloc(30, 255), small.subarray(70)]),
      'not gzip',
    ],
    ['has a wrong checksum', Buffer.concat([small.subarray(0, -8), Buffer.alloc(8)]), 'is not gzip'],
  ])('is answered 400 when it %s', async (_name, body, detail) => {
    const answer = await sendEvent(receiver.port, body, gzipHeaders)

    expect(answer.status).toBe(400)
    expect(answer.json.type).toBe('/problems/body-undecodable')
    expect(answer.json.detail).toContain(detail)
    expect(receiver.queued).toEqual([])
  })
})

describe('the limit of a body', () => {
  it('takes a body of exactly so many bytes', async () => {
    const text = textOfBytes(bodyBytesMax)

    const plain = await sendEvent(receiver.port, text)
    const gzipped = await sendEvent(receiver.port, gzipSync(text), gzipHeaders)
    const stored = await sendEvent(receiver.port, gzipSync(text, { level: 0 }), gzipHeaders)

    expect([plain.status, gzipped.status, stored.status]).toEqual([201, 201, 201])
  })

  const tooLarge = Buffer.from(textOfBytes(bodyBytesMax + 1))
  it.each([
    ['as it is', {}, tooLarge],
    ['in gzip', gzipHeaders, gzipSync(tooLarge)],
    ['in gzip that does not compress', gzipHeaders, gzipSync(tooLarge, { level: 0 })],
    ['in deflate', { 'Content-Encoding': 'deflate' }, deflateSync(tooLarge)],
  ])('answers 413 without Retry-After to one byte more, %s', async (_name, headers, body) => {
    const whole = await sendEvent(receiver.port, body, headers)
    const chunked = await send({ port: receiver.port, chunks: toChunks(body, 60_000), headers })

    for (const answer of [whole, chunked]) {
      expect(answer.status).toBe(413)
      expect(answer.headers['retry-after']).toBeUndefined()
      expect(answer.json.type).toBe('/problems/body-too-large')
      expect(answer.json.detail).toContain(`${bodyBytesMax} bytes, inflated`)
    }
    expect(receiver.queued).toEqual([])
  })

  it('refuses an announced length before the body comes', async () => {
    const answer = await answerToHead(`Content-Length: ${bodyBytesMax + 1}`)

    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('gets its 413 through to who first sends all', async () => {
    const answer = await sendEvent(receiver.port, Buffer.alloc(40 * mebibyte, 'x'))

    expect(answer.status).toBe(413)
  })

  it('holds for gzip with nothing in it', async () => {
    const empty = gzipSync('')
    const chunk = Buffer.concat(Array(5000).fill(empty))

    const answer = await send({ port: receiver.port, chunks: Array(60).fill(chunk), headers: gzipHeaders })

    expect(answer.status).toBe(413)
  })
})

describe('a gzip bomb', () => {
  const zeros = Buffer.alloc(64 * mebibyte)

  it.each([
    ['one stream of 64 MiB in 64 KiB', gzipSync(zeros, { level: 9 }).subarray(0, 60_000)],
    [
      'one stream of 64 MiB',
      gzipSync(zeros, { level: 1, strategy: constants.Z_HUFFMAN_ONLY }).subarray(0, 8 * mebibyte),
    ],
    ['1 GiB in 16 streams', Buffer.concat(Array(16).fill(gzipSync(zeros)))],
  ])('ends early: %s', async (_name, bomb) => {
    global.gc?.()
    const before = process.memoryUsage().rss
    let peak = before
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5)

    const answer = await sendEvent(receiver.port, bomb, gzipHeaders)
    clearInterval(watch)

    expect(answer.status).toBe(413)
    expect(answer.headers['retry-after']).toBeUndefined()
    expect(answer.ms).toBeLessThan(2000)
    expect(peak - before).toBeLessThan(100 * mebibyte)
  })

  it('is answered before its last byte has come', async () => {
    const bomb = Buffer.concat(Array(2).fill(gzipSync(zeros)))

    const answer = await answerToHead('Content-Encoding: gzip\r\nContent-Length: 4000000', bomb)

    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  })
})

describe('a client that goes away', () => {
  it.each([
    ['a plain body', '', Buffer.from('{"a":')],
    ['a gzip body', 'Content-Encoding: gzip\r\n', gzipSync(aLargeText(mebibyte)).subarray(0, 300_000)],
    ['a small gzip body', 'Content-Encoding: gzip\r\n', gzipSync(anEventText).subarray(0, 20)],
  ])('in the middle of %s leaves no trace but its end', async (_name, header, part) => {
    const socket = connect(receiver.port, '127.0.0.1')
    socket.write(`POST /api/v1/lineage HTTP/1.1\r\nHost: a\r\n${header}Content-Length: 1000000\r\n\r\n`)
    socket.write(part)
    await sleep(100)
    socket.destroy()
    await sleep(100)

    const next = await sendEvent(receiver.port, anEventText)

    expect(next.status).toBe(201)
    expect(receiver.queued).toHaveLength(1)
    expect(receiver.logged).toEqual([])
  })
})

/** The first bytes of the answer to a head and the start of a body that never ends. */
function answerToHead(header: string, start?: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(receiver.port, '127.0.0.1')
    socket.on('error', reject)
    socket.once('data', (data) => {
      socket.destroy()
      resolve(data.toString())
    })
    socket.write(`POST /api/v1/lineage HTTP/1.1\r\nHost: a\r\n${header}\r\n\r\n`)
    if (start !== undefined) socket.write(start)
  })
}
