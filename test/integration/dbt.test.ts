import { cypher, type Statement } from '../../src/graph/cypher.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { fixtureTexts } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'

let collector: Collector
const answers: { status: number; body: Record<string, unknown> }[] = []

async function query(statement: Statement): Promise<Record<string, unknown>[]> {
  return await collector.graph.inRead((tx) => tx.run(statement))
}

beforeAll(async () => {
  collector = await startCollector()
  await wipeGraph(collector.graph)
  for (const text of fixtureTexts('dbt/')) answers.push(await collector.post(text))
  await collector.merged(answers.map(({ body }) => String(body['id'])))
}, 180_000)

afterAll(async () => {
  await wipeGraph(collector.graph)
  await collector.close()
})

describe('the events of dbt-ol', () => {
  it('are accepted, and leave no dead letter', async () => {
    expect(answers.length).toBe(16)
    expect(answers.filter(({ status }) => status !== 201)).toEqual([])
    expect(await collector.deadLetters.count()).toBe(0)
  })

  it('make a dataset of each model and each source, with its columns and their types', async () => {
    const rows = await query(cypher`
      MATCH (d:Dataset)-[:HAS_FIELD]->(f:Field)
      WHERE f.removedAt IS NULL
      WITH d, f ORDER BY f.ordinal, f.name
      RETURN d.namespace AS namespace, d.name AS name, collect(f.name + ' ' + f.type) AS columns ORDER BY name
    `)

    expect(rows).toEqual([
      {
        namespace: 'duckdb://shop.duckdb',
        name: 'shop.main.customer_totals',
        columns: ['customer_id INTEGER', 'name VARCHAR', 'country VARCHAR', 'total DOUBLE'],
      },
      {
        namespace: 'duckdb://shop.duckdb',
        name: 'shop.main.stg_orders',
        columns: ['order_id INTEGER', 'customer_id INTEGER', 'amount DOUBLE'],
      },
      {
        namespace: 'duckdb://shop.duckdb',
        name: 'shop.raw.customers',
        columns: ['id INTEGER', 'name VARCHAR', 'country VARCHAR'],
      },
      {
        namespace: 'duckdb://shop.duckdb',
        name: 'shop.raw.orders',
        columns: ['id INTEGER', 'customer_id INTEGER', 'amount DOUBLE', 'status VARCHAR'],
      },
    ])
  })

  it('let data flow from the sources through one model into the other', async () => {
    const rows = await query(cypher`
      MATCH (from:Dataset)-[flow:FEEDS {current: true}]->(to:Dataset)
      RETURN from.name AS source, to.name AS result, flow.jobName AS job, flow.derivation AS derivation ORDER BY source, result
    `)

    expect(rows).toEqual([
      {
        source: 'shop.main.stg_orders',
        result: 'shop.main.customer_totals',
        job: 'shop.main.shop.customer_totals',
        derivation: 'COLUMN',
      },
      {
        source: 'shop.raw.customers',
        result: 'shop.main.customer_totals',
        job: 'shop.main.shop.customer_totals',
        derivation: 'COLUMN',
      },
      {
        source: 'shop.raw.orders',
        result: 'shop.main.stg_orders',
        job: 'shop.main.shop.stg_orders',
        derivation: 'COLUMN',
      },
    ])
  })

  it('trace a total back to the amounts of the orders', async () => {
    const rows = await query(cypher`
      MATCH (:Field {namespace: 'duckdb://shop.duckdb', dataset: 'shop.main.customer_totals', name: 'total'})<-[:FEEDS*1..20]-(source:Field)
      RETURN DISTINCT source.dataset AS dataset, source.name AS name ORDER BY dataset
    `)

    expect(rows).toEqual([
      { dataset: 'shop.main.stg_orders', name: 'amount' },
      { dataset: 'shop.raw.orders', name: 'amount' },
    ])
  })

  it('keep the run that failed apart from the one that made the table', async () => {
    const rows = await query(cypher`
      MATCH (job:Job {namespace: 'dbt', name: 'shop.main.shop.stg_orders'})<-[:RUN_OF]-(run:Run)-[:CHILD_OF]->(whole:Run)
      WITH run, whole ORDER BY run.startedAt
      RETURN run.state AS state, whole.state AS whole, count { (run)-[:PRODUCED]->() } AS versions
    `)

    expect(rows).toEqual([
      { state: 'FAIL', whole: 'FAIL', versions: 0 },
      { state: 'COMPLETE', whole: 'COMPLETE', versions: 1 },
    ])
  })

  it('make a result of each test, on the column that it checks', async () => {
    const rows = await query(cypher`
      MATCH (:Run)-[:REPORTED]->(test:TestResult)-[:CHECKS]->(column:Field)
      RETURN test.type AS type, test.status AS status, column.dataset AS dataset, column.name AS column ORDER BY dataset, type
    `)

    expect(rows).toEqual([
      { type: 'unique', status: 'pass', dataset: 'shop.main.customer_totals', column: 'customer_id' },
      { type: 'not_null', status: 'pass', dataset: 'shop.main.stg_orders', column: 'order_id' },
      { type: 'unique', status: 'pass', dataset: 'shop.main.stg_orders', column: 'order_id' },
    ])
  })
})
