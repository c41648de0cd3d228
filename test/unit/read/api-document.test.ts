import { Validator } from '@seriousme/openapi-schema-validator'
import { readFileSync } from 'node:fs'
import { send, startReceiver, type TestReceiver } from '../receive/receiver.ts'

let receiver: TestReceiver
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(async () => {
  await receiver.close()
})
const get = (path: string) => send({ port: receiver.port, method: 'GET', path })

interface ApiDocument extends Record<string, unknown> {
  openapi: string
  paths: Record<string, Record<string, { operationId: string }>>
}

async function readDocument(): Promise<ApiDocument> {
  const { text } = await get('/api/openapi.json')
  return JSON.parse(text) as ApiDocument
}

describe('GET /api/openapi.json', () => {
  it('is valid OpenAPI 3.1', async () => {
    const json = await readDocument()

    const result = await new Validator().validate(json)

    expect(result).toEqual({ valid: true })
    expect(json.openapi).toMatch(/^3\.1\./)
  })

  it('has every route, each id once', async () => {
    const json = await readDocument()
    const paths = json.paths
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    const source = readFileSync(new URL('../../../src/app.ts', import.meta.url), 'utf8')
    const routes = [...source.matchAll(/method: '(\w+)',\s*path: '([^']+)'/g)].map(
      ([, method, path = '']) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
    )
    const ids = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    )

    expect(routes.length).toBeGreaterThan(10)
    expect(routes.filter((route) => !described.includes(route))).toEqual([])
    expect(new Set(ids).size).toBe(ids.length)
    expect(described).toContain('post /api/v2/cypher')
    expect(described).toContain('get /api/openapi.json')
  })
})

describe('GET /api', () => {
  it('is a page that takes everything from here', async () => {
    const page = await get('/api')
    const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url)
    const answers = await Promise.all(files.map((url) => get(url)))

    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(files.length).toBeGreaterThan(3)
    expect(files.filter((url) => !url.startsWith('/api/'))).toEqual([])
    expect(answers.map(({ status }) => status)).toEqual(files.map(() => 200))
  })

  it.each(['..%2f..%2fpackage.json', 'package.json', 'swagger-ui.js'])('has no file %s', async (name) => {
    expect((await get(`/api/page/${name}`)).status).toBe(404)
  })
})
