import { toUrlHost } from '../../../src/local/run-local.ts'
import { toWelcome, type WelcomeParts } from '../../../src/local/welcome.ts'
import { createEventValidator } from '../../../src/validate/validate-event.ts'

const parts: WelcomeParts = {
  connection: {
    redisUrl: 'redis://127.0.0.1:6379',
    neo4jUri: 'bolt://127.0.0.1:7687',
    neo4jUser: 'neo4j',
    neo4jPassword: 'the-secret',
    neo4jDatabase: 'neo4j',
    collectorUrl: 'http://127.0.0.1:5000',
  },
  connectionPath: '/data/connection.json',
  logsDir: '/data/logs',
  hasKeys: false,
  browserUrl: 'http://127.0.0.1:7474',
  now: new Date('2026-01-02T03:04:05.678Z'),
}

describe('toWelcome', () => {
  const text = toWelcome(parts)

  it('gives Airflow its transport', () => {
    const transport = /AIRFLOW__OPENLINEAGE__TRANSPORT='(.*)'/.exec(text)?.[1] ?? ''

    expect(JSON.parse(transport)).toEqual({
      type: 'http',
      url: 'http://127.0.0.1:5000',
      endpoint: 'api/v1/lineage',
    })
  })

  it('gives Spark its transport', () => {
    expect(text).toMatch(/^ {2}spark\.openlineage\.transport\.type +http$/m)
    expect(text).toMatch(/^ {2}spark\.openlineage\.transport\.url +http:\/\/127\.0\.0\.1:5000$/m)
    expect(text).toMatch(/^ {2}spark\.openlineage\.transport\.endpoint +\/api\/v1\/lineage$/m)
  })

  it('sends a first event without a fault', () => {
    const body = /^ {2}curl .* -d '(.*)'$/m.exec(text)?.[1] ?? ''

    const verdict = createEventValidator({ strict: true })(JSON.parse(body))

    expect(verdict).toMatchObject({ ok: true, warnings: [] })
  })

  it('tells where the password is, and never the password', () => {
    expect(text).toContain('bolt://127.0.0.1:7687 as neo4j; the password is in /data/connection.json')
    expect(text).not.toContain('the-secret')
  })

  it('names the browser page of a Neo4j of ours only', () => {
    expect(text).toContain('http://127.0.0.1:7474 is Neo4j')
    expect(toWelcome({ ...parts, browserUrl: undefined })).not.toContain('7474')
  })

  it('says nothing of keys where there are none', () => {
    expect(text).not.toMatch(/key/i)
  })

  it('leaves a place for the key in all three where there are some', () => {
    const withKeys = toWelcome({ ...parts, hasKeys: true })

    expect(withKeys).toContain('"auth": {"type": "api_key", "apiKey": "<one of your API keys>"}')
    expect(withKeys).toMatch(/^ {2}spark\.openlineage\.transport\.auth\.type +api_key$/m)
    expect(withKeys).toMatch(/^ {2}spark\.openlineage\.transport\.auth\.apiKey +<one of your API keys>$/m)
    expect(withKeys).toContain("-H 'Authorization: Bearer <one of your API keys>'")
  })
})

describe('toUrlHost', () => {
  it.each([
    [undefined, '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['::', '127.0.0.1'],
    ['::1', '[::1]'],
    ['10.1.2.3', '10.1.2.3'],
  ])('reaches %s at %s', (host, expected) => {
    expect(toUrlHost(host)).toBe(expected)
  })
})
