import { connect } from 'node:net'
import { anEventText, send, startReceiver, type TestReceiver } from './receive/receiver.ts'

let receiver: TestReceiver

afterEach(async () => {
  await receiver.close()
})

const get = (path: string, method = 'GET') => send({ port: receiver.port, method, path })

describe('the app', () => {
  it('does not say what it is made of', async () => {
    receiver = await startReceiver()

    const answers = [
      await get('/health/live'),
      await get('/nothing'),
      await send({ port: receiver.port, body: '{}' }),
    ]

    for (const { headers } of answers) expect(headers['x-powered-by']).toBeUndefined()
  })

  it.each(['/', '/nothing', '/api/v1', '/api/v1/lineage/batches', '/api/v1/lineages', '/%', '/%E0%A4%A'])(
    'answers 404 at %s, and says where events go',
    async (path) => {
      receiver = await startReceiver()

      const answer = await send({ port: receiver.port, path, body: anEventText })

      expect(answer.status).toBe(404)
      expect(answer.headers['content-type']).toBe('application/problem+json')
      expect(answer.json).toMatchObject({ type: '/problems/route-unknown', status: 404 })
      expect(answer.json.detail).toContain('POST /api/v1/lineage')
    },
  )

  it.each([
    '/health/live',
    '/nothing',
    '/api',
    '/api/page/start.js',
    '/api/page/swagger-ui.css',
    '/problems/queue-full',
  ])('tells browsers at %s what not to do', async (path) => {
    receiver = await startReceiver()

    const { headers } = await get(path)

    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/)
    expect(headers['strict-transport-security']).toBeUndefined()
    expect(headers['x-powered-by']).toBeUndefined()
  })

  it('lets only the page of the API run scripts, its own ones', async () => {
    receiver = await startReceiver()

    const [page, other] = [await get('/api'), await get('/problems/queue-full')]

    expect(page.headers['content-security-policy']).toContain("script-src 'self'")
    expect(other.headers['content-security-policy']).not.toContain('script-src')
  })

  it.each(['/api/v2/events/%', '/problems/%zz', '/api/v2/dead-letters/%ff/retry'])(
    'answers 400 at %s, whose path cannot be decoded, and logs no error',
    async (path) => {
      receiver = await startReceiver()

      const answer = await get(path)

      expect(answer.status).toBe(400)
      expect(answer.json).toMatchObject({ type: '/problems/request-invalid' })
      expect(receiver.logged.filter((line) => line.includes('unexpectedly'))).toEqual([])
    },
  )

  it('says a short 404 for a long path', async () => {
    receiver = await startReceiver()

    expect((await get(`/${'x'.repeat(8000)}`)).text.length).toBeLessThan(400)
  })

  it.each([
    ['GET', '/api/v1/lineage/batch', 'POST'],
    ['PUT', '/api/v1/lineage', 'POST, GET, HEAD'],
    ['DELETE', '/api/v1/lineage', 'POST, GET, HEAD'],
    ['OPTIONS', '/api/v1/lineage', 'POST, GET, HEAD'],
    ['POST', '/health/live', 'GET, HEAD'],
    ['DELETE', '/health/ready', 'GET, HEAD'],
  ])('answers 405 to %s %s, and says what is allowed', async (method, path, allow) => {
    receiver = await startReceiver()

    const answer = await get(path, method)

    expect(answer.status).toBe(405)
    expect(answer.headers.allow).toBe(allow)
    expect(answer.json).toMatchObject({ type: '/problems/method-not-allowed', status: 405 })
  })

  it('takes events with a slash or a query behind the path', async () => {
    receiver = await startReceiver()

    const slash = await send({ port: receiver.port, path: '/api/v1/lineage/', body: anEventText })
    const query = await send({ port: receiver.port, path: '/api/v1/lineage?team=a', body: anEventText })

    expect([slash.status, query.status]).toEqual([201, 201])
  })

  it('gives a request an id that its answer and its problem name', async () => {
    receiver = await startReceiver()

    const own = await send({ port: receiver.port, path: '/x', headers: { 'X-Request-Id': 'spark.7:a_b-c' } })
    const given = await get('/x')

    expect(own.json.instance).toBe('/requests/spark.7:a_b-c')
    expect(own.headers['x-request-id']).toBe('spark.7:a_b-c')
    expect(given.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(given.json.instance).toBe(`/requests/${String(given.headers['x-request-id'])}`)
  })

  it.each(['', 'a b', 'x'.repeat(129), 'a/../b', '{"a":1}', 'ä'])(
    'does not take "%s" for an id',
    async (sent) => {
      receiver = await startReceiver()

      const answer = await send({ port: receiver.port, path: '/x', headers: { 'X-Request-Id': sent } })

      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    },
  )

  it('logs one debug line for each request', async () => {
    receiver = await startReceiver({ logLevel: 'debug' })

    await send({ port: receiver.port, path: '/x?secret=1', headers: { 'X-Request-Id': 'r1' } })

    const lines = receiver.logged
      .map((line) => JSON.parse(line))
      .filter(({ requestId }) => requestId === 'r1')
    expect(lines).toMatchObject([
      { level: 20, method: 'POST', path: '/x', status: 404, msg: 'request answered' },
    ])
    expect(lines[0].ms).toBeGreaterThanOrEqual(0)
  })

  it('logs no line for a request unless it is asked for debug', async () => {
    receiver = await startReceiver()
    receiver.logged.length = 0

    await send({ port: receiver.port, body: anEventText })

    expect(receiver.logged).toEqual([])
  })

  it('goes on after what is not HTTP', async () => {
    receiver = await startReceiver()
    await new Promise((resolve) => {
      const socket = connect(receiver.port, '127.0.0.1').on('close', resolve).on('error', resolve)
      socket.resume().end('\x16\x03\x01 hello\r\n\r\n')
    })

    expect((await send({ port: receiver.port, body: anEventText })).status).toBe(201)
  })
})

describe('GET /health/live', () => {
  it('answers 200, whatever Redis does', async () => {
    receiver = await startReceiver({ isReady: () => Promise.resolve(false) })

    const answer = await get('/health/live')

    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({ status: 'live' })
  })

  it('needs no key', async () => {
    receiver = await startReceiver({ keys: ['a'] })

    expect((await get('/health/live')).status).toBe(200)
    expect((await get('/health/ready')).status).toBe(200)
  })

  it('answers HEAD without a body', async () => {
    receiver = await startReceiver()

    const answer = await get('/health/live', 'HEAD')

    expect([answer.status, answer.text]).toEqual([200, ''])
  })
})

describe('GET /health/ready', () => {
  it('answers 200 when Redis answers', async () => {
    receiver = await startReceiver()

    const answer = await get('/health/ready')

    expect(answer.status).toBe(200)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.json).toEqual({ status: 'ready', dependencies: { redis: 'up' } })
  })

  const hopeless: [string, () => Promise<boolean>][] = [
    ['says no', () => Promise.resolve(false)],
    ['fails', () => Promise.reject(new Error('connection refused'))],
    ['never answers', () => new Promise(() => {})],
  ]
  it.each(hopeless)('answers 503 in time when Redis %s', async (_name, isReady) => {
    receiver = await startReceiver({ isReady })

    const answer = await get('/health/ready')

    expect(answer.status).toBe(503)
    expect(answer.json).toEqual({ status: 'not ready', dependencies: { redis: 'down' } })
    expect(answer.ms).toBeLessThan(1500)
  })
})
