import { randomUUID } from 'node:crypto'
import { connectGraph, type Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { startCollector } from '../support/collector.ts'
import { aRunEvent } from '../support/events.ts'
import { silent } from '../support/graph.ts'

const { NEO4J_URI = '', NEO4J_USER: user = '', NEO4J_PASSWORD: password = '' } = process.env
const uri = NEO4J_URI.replace(/^bolt:/, 'neo4j:')

const addOne = cypher`MERGE (n:RoutingTest {id: $id}) SET n.count = coalesce(n.count, 0) + 1`
const readCount = cypher`MATCH (n:RoutingTest {id: $id}) RETURN n.count AS count`
const remove = cypher`MATCH (n:RoutingTest {id: $id}) DELETE n`

describe('a Neo4j that is asked with neo4j://', () => {
  let graph: Graph
  beforeAll(() => {
    graph = connectGraph({ uri, user, password, database: 'neo4j' }, silent)
  })
  afterAll(async () => {
    await graph.close()
  })

  it('takes events of a receiver and merges of a worker', async () => {
    const collector = await startCollector({ NEO4J_URI: uri })

    const { status, body } = await collector.post(JSON.stringify(aRunEvent({ run: { runId: randomUUID() } })))
    await collector.merged([String(body['id'])])
    const ready = await collector.ask('GET', '/health/ready')
    const found = await collector.ask('GET', `/api/v2/events/${String(body['id'])}`)
    await collector.close()

    expect(uri).toMatch(/^neo4j:/)
    expect([status, ready.status, found.status]).toEqual([201, 200, 200])
  })

  it('shows each read what was written before it', async () => {
    const id = randomUUID()
    const counts: unknown[] = []

    for (let count = 0; count < 20; count += 1) {
      await graph.inWrite(async (tx) => await tx.run(addOne, { id }))
      const [row] = await graph.inRead(async (tx) => await tx.run(readCount, { id }))
      counts.push(row?.['count'])
    }
    await graph.inWrite(async (tx) => await tx.run(remove, { id }))

    expect(counts).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  })

  it('is told which transactions only read, so that followers may take them', async () => {
    const writing = graph.inRead(async (tx) => await tx.run(addOne, { id: randomUUID() }))

    await expect(writing).rejects.toThrow('read access mode')
  })
})
