import { cypher } from '../../src/graph/cypher.ts'
import { aRunEvent } from '../support/events.ts'
import { dumpGraph, wipeGraph } from '../support/graph-dump.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { attempts } from '../support/cypher-attempts.ts'

const msMax = 3000
const shownMax = 200
let collector: Collector
let before: unknown

beforeAll(async () => {
  collector = await startCollector({ CYPHER_MS_MAX: String(msMax) })
  await wipeGraph(collector.graph)
  const inputs = Array.from({ length: 30 }, (_none, at) => ({ namespace: 'db', name: `source_${at}` }))
  const event = aRunEvent({ eventType: 'COMPLETE', inputs, outputs: [{ namespace: 'db', name: 'target' }] })
  const { body } = await collector.post(JSON.stringify(event))
  await collector.merged([String(body['id'])])
  before = await everything()
}, 180_000)

afterAll(async () => {
  await wipeGraph(collector.graph)
  await collector.close()
})

/** The graph, and all of Neo4j that an attempt might change. */
async function everything(): Promise<unknown> {
  const rows = await collector.graph.inRead(async (tx) => [
    await tx.run(cypher`SHOW INDEXES YIELD name, state, type RETURN name, state, type ORDER BY name`),
    await tx.run(cypher`SHOW CONSTRAINTS YIELD name, type RETURN name, type ORDER BY name`),
    await tx.run(cypher`SHOW SETTINGS YIELD name, value RETURN name, value ORDER BY name`),
    await tx.run(cypher`CALL db.labels() YIELD label WITH label WHERE label = 'Attempt' RETURN label`),
  ])
  const users = await collector.graph.inRead((tx) => tx.run(cypher`SHOW USERS YIELD user RETURN user`))
  return { graph: await dumpGraph(collector.graph), rows, users }
}

const parameters = { list: Array.from({ length: 200 }, (_none, at) => at), properties: { attempt: 1 } }
const statuses: Record<string, number> = {
  'cypher-forbidden': 403,
  'cypher-invalid': 400,
  'cypher-too-costly': 422,
  'request-invalid': 400,
}

describe('attempts through POST /api/v2/cypher', () => {
  it('are more than a hundred', () => {
    expect(attempts.flatMap(({ queries }) => queries).length).toBeGreaterThan(100)
  })

  describe.each(attempts)('$what', ({ queries, problems }) => {
    it.each(queries.map((query) => [query.slice(0, shownMax), query]))(
      'fail with a clear error: %s',
      async (_shown, query) => {
        const text = JSON.stringify({ query, parameters })

        const { status, body } = await collector.ask('POST', '/api/v2/cypher', text)

        const name = String(body['type']).replace('/problems/', '')
        expect(problems).toContain(name)
        expect(status).toBe(statuses[name])
        expect(String(body['detail']).length).toBeGreaterThan(15)
      },
    )
  })

  it('have changed nothing', async () => {
    expect(await everything()).toEqual(before)
  })

  it('have left no transaction behind', async () => {
    const open = await collector.graph.inRead((tx) =>
      tx.run(cypher`
        SHOW TRANSACTIONS YIELD metaData, currentQuery
        WHERE metaData.headwater = 'cypher'
        RETURN currentQuery
      `),
    )

    expect(open).toEqual([])
  })
})
