import type { Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { migrateGraph } from '../../src/graph/migrate.ts'
import type { Facets } from '../../src/openlineage/events.ts'
import { aDatasetEvent, aFacet, aRunEvent, aSchema, received } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'

let graph: Graph

beforeAll(async () => {
  graph = connectTestGraph()
  await migrateGraph(graph, silent)
})

beforeEach(async () => {
  await wipeGraph(graph)
})

afterAll(async () => {
  await wipeGraph(graph)
  await graph.close()
})

const declare = (hour: number, facets: Facets) =>
  received(
    aDatasetEvent({
      eventTime: `2026-11-22T${hour}:00:00Z`,
      dataset: { namespace: 'db', name: 'orders', facets },
    }),
  )

const written = (hour: number, facets: Facets) =>
  received(
    aRunEvent({
      eventTime: `2026-11-22T${hour}:00:00Z`,
      eventType: 'COMPLETE',
      outputs: [{ namespace: 'db', name: 'orders', facets }],
    }),
  )

const fieldsStatement = cypher`
  MATCH (f:Field {dataset: 'orders'}) RETURN f.name AS name, f.removedAt IS NOT NULL AS isRemoved ORDER BY name
`

const droppedStatement = cypher`MATCH (d:Dataset {name: 'orders'}) RETURN toString(d.droppedAt) AS droppedAt`

describe('a DatasetEvent', () => {
  it('makes neither a run nor a job', async () => {
    await mergeInBatches(graph, [declare(10, aSchema('x'))], 1)

    const rows = await graph.inRead((tx) => tx.run(cypher`MATCH (n) WHERE n:Run OR n:Job RETURN n`))
    expect(rows).toEqual([])
  })

  it('declares the current schema until something newer does, in any order', async () => {
    await mergeInBatches(graph, [declare(11, aSchema('y')), written(10, aSchema('x'))], 1)

    expect(await graph.inRead((tx) => tx.run(fieldsStatement))).toEqual([
      { name: 'x', isRemoved: true },
      { name: 'y', isRemoved: false },
    ])
  })

  it('removes no field any more once its schema is deleted', async () => {
    const events = [
      declare(10, aSchema('x')),
      declare(11, aSchema('y')),
      declare(12, { schema: { _deleted: true } }),
    ]
    await mergeInBatches(graph, events, 1)

    expect(await graph.inRead((tx) => tx.run(fieldsStatement))).toEqual([
      { name: 'x', isRemoved: false },
      { name: 'y', isRemoved: false },
    ])
  })

  it('says that a dataset was dropped, until it is written again', async () => {
    const dropped = { lifecycleStateChange: aFacet({ lifecycleStateChange: 'DROP' }) }
    await mergeInBatches(graph, [declare(11, dropped), written(10, {})], 1)
    const before = await graph.inRead((tx) => tx.run(droppedStatement))
    await mergeInBatches(graph, [written(12, {})], 1)

    expect(before).toEqual([{ droppedAt: '2026-11-22T11:00:00Z' }])
    expect(await graph.inRead((tx) => tx.run(droppedStatement))).toEqual([{ droppedAt: null }])
  })
})
