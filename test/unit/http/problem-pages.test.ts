import { readFileSync } from 'node:fs'
import { problemPages } from '../../../src/http/problem-pages.ts'
import { problemCatalog } from '../../../src/http/problem.ts'
import { send, startReceiver, type TestReceiver } from '../receive/receiver.ts'

let receiver: TestReceiver

beforeEach(async () => {
  receiver = await startReceiver({ keys: ['key'] })
})

afterEach(async () => {
  await receiver.close()
})

const get = (path: string, accept?: string) =>
  send({
    port: receiver.port,
    method: 'GET',
    path,
    ...(accept !== undefined && { headers: { Accept: accept } }),
  })

describe('GET /problems/{name}', () => {
  it.each(Object.entries(problemCatalog))('explains %s, without a key', async (name, { title, status }) => {
    const answer = await get(`/problems/${name}`)

    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('application/json')
    expect(JSON.parse(answer.text)).toEqual({
      type: `/problems/${name}`,
      title,
      status,
      meaning: expect.stringMatching(/^[A-Z].{20,}\.$/),
      remedy: expect.stringMatching(/^[A-Z].{20,}\.$/),
    })
  })

  it('is where the type of a problem leads', async () => {
    const refused = await send({ port: receiver.port, body: '{}' })

    const page = await get(refused.json.type ?? '')

    expect(page.json).toMatchObject({ type: refused.json.type, status: 401 })
  })

  it('is text for a browser', async () => {
    const answer = await get('/problems/queue-full', 'text/html,application/xhtml+xml,*/*;q=0.8')

    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(answer.text).toMatch(
      /^The queue is full \(503\)\n\nMore events wait.*\n\nWhat to do: Send it again/,
    )
  })

  it.each(['nothing', '__proto__', 'constructor'])(
    'answers 404 to %s, and says which there are',
    async (name) => {
      const answer = await get(`/problems/${name}`)

      expect(answer.status).toBe(404)
      expect(answer.json.detail).toContain('event-invalid, batch-invalid')
    },
  )
})

describe('docs/http.md', () => {
  it('names every problem', () => {
    const docs = readFileSync(new URL('../../../docs/http.md', import.meta.url), 'utf8')

    const missing = Object.keys(problemPages).filter((name) => !docs.includes(`\`${name}\``))

    expect(missing).toEqual([])
  })
})
