import { cypher } from '../../src/graph/cypher.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { fixtureTexts } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'

let collector: Collector
const answers: { status: number; body: Record<string, unknown> }[] = []

beforeAll(async () => {
  collector = await startCollector()
  await wipeGraph(collector.graph)
  for (const text of fixtureTexts('flink/')) answers.push(await collector.post(text))
  await collector.merged(answers.map(({ body }) => String(body['id'])))
}, 180_000)

afterAll(async () => {
  await wipeGraph(collector.graph)
  await collector.close()
})

describe('the events of Flink SQL over Kafka', () => {
  it('are accepted, and leave no dead letter', async () => {
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(await collector.deadLetters.count()).toBe(0)
  })

  it('let one topic feed the other, though only START names them', async () => {
    const rows = await collector.graph.inRead((tx) =>
      tx.run(cypher`
        MATCH (from:Dataset)-[flow:FEEDS {current: true}]->(to:Dataset)
        MATCH (run:Run)-[:RUN_OF]->(:Job {namespace: flow.jobNamespace, name: flow.jobName})
        RETURN from.namespace AS namespace, from.name AS source, to.name AS result, flow.jobName AS job, run.state AS state,
          run.engine AS engine
      `),
    )

    expect(rows).toEqual([
      {
        namespace: 'kafka://kafka-host:9092',
        source: 'orders',
        result: 'big_orders',
        job: 'big_orders_job',
        state: 'COMPLETE',
        engine: 'flink',
      },
    ])
  })

  it('give a topic the columns of its table', async () => {
    const rows = await collector.graph.inRead((tx) =>
      tx.run(cypher`
        MATCH (:Dataset {namespace: 'kafka://kafka-host:9092', name: 'big_orders'})-[:HAS_FIELD]->(f:Field)
        WITH f ORDER BY f.ordinal
        RETURN collect(f.name + ' ' + f.type) AS columns
      `),
    )

    expect(rows).toEqual([{ columns: ['id INT', 'customer STRING', 'amount DOUBLE'] }])
  })
})
