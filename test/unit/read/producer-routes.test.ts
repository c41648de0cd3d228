import neo4j from 'neo4j-driver'
import type { Graph, GraphTransaction, Row } from '../../../src/graph/connection.ts'
import { countEvents } from '../../../src/read/producer-statements.ts'
import { someDeadLetters } from '../../support/some-dead-letters.ts'
import {
  send,
  startReceiver,
  type Answer,
  type TestReceiver,
  type TestReceiverParts,
} from '../receive/receiver.ts'

let receiver: TestReceiver

afterEach(async () => {
  await receiver.close()
})

async function ask(query: string, parts: TestReceiverParts): Promise<Answer> {
  receiver = await startReceiver(parts)
  return await send({ port: receiver.port, method: 'GET', path: `/api/v2/producers${query}` })
}

const unused = () => Promise.reject(new Error('not used'))

/** A graph that answers one statement, and nothing to the others. */
function aGraph(rows: Row[], asked: Record<string, unknown>[] = []): Graph {
  const transaction: GraphTransaction = {
    run: (statement, parameters = {}) => {
      asked.push(parameters)
      return Promise.resolve(statement === countEvents ? rows : [])
    },
  }
  return {
    inRead: (work) => work(transaction),
    inWrite: unused,
    readForeign: unused,
    runAlone: unused,
    verify: unused,
    close: unused,
  }
}

const time = new neo4j.types.DateTime(2026, 11, 22, 10, 0, 0, 0, 0)
const row = { producer: 'mine/1.2', warnings: null, events: 100_000, first: time, last: time, example: 'a' }

describe('GET /api/v2/producers', () => {
  it('says what it reports of, and that it has not read all of it', async () => {
    const asked: Record<string, unknown>[] = []

    const answer = await ask('?from=2026-11-01&to=2026-12-01&unended=2d', { graph: aGraph([row], asked) })

    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toMatchObject({
      from: '2026-11-01T00:00:00.000000000Z',
      to: '2026-12-01T00:00:00.000000000Z',
      unendedAfter: '2d',
      eventsRead: 100_000,
      truncatedBefore: '2026-11-22T10:00:00.000000000Z',
      producers: [{ name: 'mine', version: '1.2', events: 100_000 }],
    })
    expect(asked[0]).toMatchObject({ eventsMax: neo4j.int(100_000), runsMax: neo4j.int(10_000) })
  })

  it('answers 503 with a sentence where it was started without a Neo4j', async () => {
    const answer = await ask('', {})

    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1'])
    expect(answer.json.type).toBe('/problems/graph-unavailable')
    expect(answer.json.detail).toContain('set NEO4J_URI')
  })

  it('answers 503 while Neo4j is away', async () => {
    const away = new neo4j.Neo4jError('connection refused', 'ServiceUnavailable', '50N42', 'no')
    const graph: Graph = { ...aGraph([]), inRead: () => Promise.reject(away) }

    const answer = await ask('', { graph })

    expect([answer.status, answer.json.type]).toEqual([503, '/problems/graph-unavailable'])
    expect(answer.json.detail).toBe('Neo4j does not answer. Ask again.')
  })

  it('answers 503 while Redis is away', async () => {
    const deadLetters = { ...someDeadLetters(), groups: isAway }

    const answer = await ask('', { graph: aGraph([]), deadLetters })

    expect([answer.status, answer.json.type]).toEqual([503, '/problems/queue-unavailable'])
  })

  it.each([
    ['?from=soon', 'from must be a time'],
    ['?from=2026-11-02&to=2026-11-01', 'from must be before to.'],
    ['?unended=2', 'unended must be a duration such as 90m, 24h, 7d.'],
    ['?since=7d', 'There is no parameter "since". Known are from, to, unended, producer.'],
  ])('answers 400 to %s', async (query, detail) => {
    const answer = await ask(query, { graph: aGraph([]) })

    expect([answer.status, answer.json.type]).toEqual([400, '/problems/request-invalid'])
    expect(answer.json.detail).toContain(detail)
  })

  it('needs a key where keys are configured', async () => {
    expect((await ask('', { keys: ['key'], graph: aGraph([]) })).status).toBe(401)
  })
})

const isAway = () => Promise.reject(new Error('connection refused'))
