import { createHash, randomUUID } from 'node:crypto'
import { readPath } from '../../src/openlineage/json-object.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { eventually } from '../support/eventually.ts'
import { aRunEvent } from '../support/events.ts'

const own = randomUUID()
const finance = `s3://finance-${own}`
const warehouse = `warehouse, ${own}`
const jobs = `jobs-${own}`

let collector: Collector

beforeAll(async () => {
  collector = await startCollector({
    HOST: '127.0.0.1',
    API_KEYS: [
      'everything',
      'producer send',
      'viewer read',
      'operator read+admin',
      `limited read namespaces=${finance}|${encodeURIComponent(warehouse)}|absent`,
    ].join(','),
  })
})

afterAll(async () => {
  await collector.close()
})

interface Said {
  status: number
  body: unknown
}

const ask = async (key: string, method: string, path: string, body?: string): Promise<Said> => {
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }
  const response = await fetch(collector.url + path, { method, headers, ...(body !== undefined && { body }) })
  return { status: response.status, body: await response.json() }
}

const eventText = JSON.stringify(
  aRunEvent({
    job: { namespace: jobs, name: 'load' },
    inputs: [{ namespace: finance, name: 'orders' }],
    outputs: [{ namespace: warehouse, name: 'orders' }],
  }),
)

describe('the scopes of API keys', () => {
  const routes: [method: string, path: string, body: string | undefined, answers: Record<string, number>][] =
    [
      ['POST', '/api/v1/lineage', eventText, { everything: 201, producer: 201 }],
      ['POST', '/api/v1/lineage/batch', `[${eventText}]`, { everything: 200, producer: 200 }],
      ['GET', '/api/v2/dead-letters', undefined, { everything: 200, viewer: 200, operator: 200 }],
      ['GET', '/api/v2/dead-letters/groups', undefined, { everything: 200, viewer: 200, operator: 200 }],
      ['GET', '/api/v2/dead-letters/ab', undefined, { everything: 404, viewer: 404, operator: 404 }],
      ['GET', '/api/v2/dead-letters/ab/event', undefined, { everything: 404, viewer: 404, operator: 404 }],
      ['GET', '/api/v2/producers', undefined, { everything: 200, viewer: 200, operator: 200 }],
      ['POST', '/api/v2/dead-letters/ab/retry', undefined, { everything: 404, operator: 404 }],
      ['POST', '/api/v2/dead-letters/ab/retry', eventText, { everything: 404, operator: 404 }],
      ['DELETE', '/api/v2/dead-letters/ab', undefined, { everything: 404, operator: 404 }],
      ['POST', '/api/v2/dead-letters/retry', '{"kind":"TEXT_DAMAGED"}', { everything: 200, operator: 200 }],
      ['POST', '/api/v2/dead-letters/drop', '{"kind":"TEXT_DAMAGED"}', { everything: 200, operator: 200 }],
      ['GET', '/api/v2/namespaces', undefined, { everything: 200, viewer: 200, operator: 200, limited: 200 }],
      ['GET', '/api/openapi.json', undefined, { everything: 200, viewer: 200, operator: 200, limited: 200 }],
      [
        'GET',
        '/health/ready',
        undefined,
        { everything: 200, producer: 200, viewer: 200, operator: 200, limited: 200, stranger: 200 },
      ],
      [
        'GET',
        '/problems/key-forbidden',
        undefined,
        { everything: 200, producer: 200, viewer: 200, operator: 200, limited: 200, stranger: 200 },
      ],
    ]
  it.each(routes)('decide over %s %s', async (method, path, body, answers) => {
    for (const key of ['everything', 'producer', 'viewer', 'operator', 'limited', 'stranger']) {
      const { status, body: said } = await ask(key, method, path, body)

      const expected = answers[key] ?? (key === 'stranger' ? 401 : 403)
      const refusal = { 401: '/problems/key-unknown', 403: '/problems/key-forbidden' }[expected]
      const type = status === 401 || status === 403 ? readPath(said, ['type']) : undefined
      expect([key, status, type]).toEqual([key, expected, refusal])
    }
  })
})

describe('a reader who is limited to namespaces', () => {
  it('is told of those namespaces alone', async () => {
    await ask('producer', 'POST', '/api/v1/lineage', eventText)
    await collector.merged([createHash('sha256').update(eventText).digest('hex')])

    const seen = async (key: string) => {
      const { body } = await ask(key, 'GET', '/api/v2/namespaces?limit=1000')
      return JSON.stringify(readPath(body, ['namespaces']))
    }

    expect(JSON.parse(await seen('limited'))).toEqual([{ name: finance }, { name: warehouse }])
    expect(await seen('viewer')).toContain(jobs)
  })

  it('finds and walks only there, and is told how much was left out', async () => {
    await ask('producer', 'POST', '/api/v1/lineage', eventText)
    await collector.merged([createHash('sha256').update(eventText).digest('hex')])
    const found = async (key: string): Promise<unknown> => {
      const { body } = await ask(key, 'GET', '/api/v2/search?q=load&limit=100')
      return JSON.stringify(readPath(body, ['results']))
    }
    await eventually(async () => String(await found('viewer')).includes(jobs))
    const of = encodeURIComponent(`dataset:${finance.replaceAll(':', '%3A')}:orders`)

    const walked = await ask('limited', 'GET', `/api/v2/lineage?of=${of}&granularity=flow`)

    expect(await found('limited')).not.toContain(jobs)
    expect(walked.status).toBe(200)
    expect(readPath(walked.body, ['nodes'])).toHaveLength(1)
    expect(readPath(walked.body, ['hidden'])).toBe(1)
  })

  it('is told why queries in Cypher are not for it', async () => {
    const { status, body } = await ask('limited', 'POST', '/api/v2/cypher', '{"query":"RETURN 1"}')

    expect([status, readPath(body, ['type'])]).toEqual([403, '/problems/key-forbidden'])
    expect(readPath(body, ['detail'])).toContain('This key is for some namespaces only')
  })

  it('is told why dead letters and producers are not for it', async () => {
    const letters = await ask('limited', 'GET', '/api/v2/dead-letters')
    const producers = await ask('limited', 'GET', '/api/v2/producers')

    expect(readPath(letters.body, ['detail'])).toContain('Dead letters are of all namespaces')
    expect(readPath(producers.body, ['detail'])).toContain('Producers are of all namespaces')
  })
})
