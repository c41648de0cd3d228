import { cypher, type Statement } from '../../src/graph/cypher.ts'
import { eventually } from '../support/eventually.ts'
import { fixtureTexts } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { startCollector, type Collector } from '../support/collector.ts'

let collector: Collector

async function query(statement: Statement): Promise<Record<string, unknown>[]> {
  return await collector.graph.inRead((tx) => tx.run(statement))
}

beforeAll(async () => {
  collector = await startCollector()
  await wipeGraph(collector.graph)
  const answers = []
  for (const text of fixtureTexts()) answers.push(await collector.post(text))
  const refused = answers.filter(({ status }) => status !== 201)
  if (refused.length > 0) throw new Error(`not accepted: ${JSON.stringify(refused)}`)
  await collector.merged(answers.map(({ body }) => String(body['id'])))
}, 180_000)

afterAll(async () => {
  await wipeGraph(collector.graph)
  await collector.close()
})

describe('all events of the fixtures', () => {
  it('leave no dead letter', async () => {
    expect(await collector.deadLetters.count()).toBe(0)
  })
})

describe('the Airflow DAG data_lineage_example', () => {
  it('has its second task behind its first, both within the DAG', async () => {
    const rows = await query(cypher`
      MATCH (a:Job {name: 'data_lineage_example.fetch_data_task'})-[:PRECEDES]->
        (b:Job {name: 'data_lineage_example.process_data_task'})
      MATCH (a)-[:CHILD_OF]->(dag:Job)<-[:CHILD_OF]-(b)
      RETURN dag.name AS dag
    `)

    expect(rows).toEqual([{ dag: 'data_lineage_example' }])
  })

  it('has completed runs with start and end, within the run of the DAG', async () => {
    const rows = await query(cypher`
      MATCH (j:Job)<-[:RUN_OF]-(r:Run)-[:CHILD_OF]->(dagRun:Run)-[:RUN_OF]->(:Job {name: 'data_lineage_example', namespace: 'airflow-e2e'})
      RETURN j.name AS task, r.state AS state, r.startedAt < r.endedAt AS isTimed, dagRun.state AS dagState ORDER BY task
    `)

    expect(rows).toEqual([
      {
        task: 'data_lineage_example.fetch_data_task',
        state: 'COMPLETE',
        isTimed: true,
        dagState: 'COMPLETE',
      },
      {
        task: 'data_lineage_example.process_data_task',
        state: 'COMPLETE',
        isTimed: true,
        dagState: 'COMPLETE',
      },
    ])
  })

  it('keeps a DAG that failed as FAIL', async () => {
    const rows = await query(
      cypher`MATCH (r:Run)-[:RUN_OF]->(:Job {name: 'etl_failing'}) RETURN r.state AS state`,
    )

    expect(rows).toEqual([{ state: 'FAIL' }])
  })

  it('has a mapped task as one job with a run for each index, and a retried task with two runs', async () => {
    const rows = await query(cypher`
      MATCH (j:Job)<-[:RUN_OF]-(r:Run)
      WHERE j.name IN ['etl_with_datasets.square', 'etl_with_datasets.retry_once']
      WITH j, r ORDER BY r.mapIndex, r.attempt
      RETURN j.name AS task, collect(r.mapIndex) AS indexes, collect(r.attempt) AS attempts, count(*) AS runs ORDER BY task
    `)

    expect(rows).toEqual([
      { task: 'etl_with_datasets.retry_once', indexes: [], attempts: [1, 2], runs: 2 },
      { task: 'etl_with_datasets.square', indexes: [0, 1, 2], attempts: [1, 1, 1], runs: 3 },
    ])
  })
})

describe('the Spark job', () => {
  it('feeds transformed_data.csv from raw_data.csv', async () => {
    const rows = await query(cypher`
      MATCH (:Dataset {namespace: 's3://data_bucket', name: 'raw_data.csv'})-[f:FEEDS {derivation: 'COLUMN'}]->
        (d:Dataset {name: 'transformed_data.csv'})
      RETURN d.namespace AS namespace, f.jobName AS job
    `)

    expect(rows).toEqual([
      {
        namespace: 's3://data_bucket',
        job: 'data_lineage_example.execute_insert_into_hadoop_fs_relation_command.transformed_data_csv',
      },
    ])
  })

  it('makes new_col from column_name', async () => {
    const rows = await query(cypher`
      MATCH (a:Field)-[f:FEEDS]->(:Field {namespace: 's3://data_bucket', dataset: 'transformed_data.csv', name: 'new_col'})
      RETURN a.name AS source, f.type AS type, f.subtype AS subtype
    `)

    expect(rows).toEqual([{ source: 'column_name', type: 'DIRECT', subtype: 'TRANSFORMATION' }])
  })

  it('has failed where Spark says COMPLETE after FAIL', async () => {
    const rows = await query(cypher`
      MATCH (r:Run)-[:RUN_OF]->(j:Job)
      WHERE j.name ENDS WITH '.never_written'
      RETURN r.state AS state, r.errorMessage STARTS WITH 'Job aborted' AS hasError
    `)

    expect(rows).toEqual([{ state: 'FAIL', hasError: true }])
  })

  it('read the Iceberg version that START named', async () => {
    const rows = await query(cypher`
      MATCH (r:Run)-[x:READ]->(:Dataset {name: 'iceberg/db/orders'})
      MATCH (r)-[:PRODUCED]->(v:DatasetVersion {dataset: 'iceberg/db/orders'})
      RETURN x.version AS read, v.version AS written ORDER BY x.at
    `)

    expect(rows).toEqual([
      { read: '7388306782354419837', written: '6398215480516781709' },
      { read: '6926945593642978672', written: '2908306390577843099' },
    ])
  })
})

describe('an event that came before', () => {
  it('is accepted again and changes nothing', async () => {
    const [text = ''] = fixtureTexts('airflow/data_lineage_example')
    const before = await query(cypher`MATCH (n) RETURN count(n) AS nodes`)

    const answer = await collector.post(text)

    expect(answer.status).toBe(201)
    await collector.merged([String(answer.body['id'])])
    expect(await query(cypher`MATCH (n) RETURN count(n) AS nodes`)).toEqual(before)
  })
})

describe('an event from a clock that is a week ahead', () => {
  it('becomes a dead letter that says so', async () => {
    const [text = ''] = fixtureTexts('airflow/data_lineage_example')
    const ahead = new Date(Date.now() + 7 * 24 * 3_600_000).toISOString()
    const event = JSON.stringify({ ...(JSON.parse(text) as object), eventTime: ahead })

    const { status, body } = await collector.post(event)

    expect(status).toBe(201)
    await eventually(async () => (await collector.deadLetters.count()) === 1)
    const letter = await collector.deadLetters.show(String(body['id']))
    expect(letter?.reason).toContain('24 h ahead')
  })
})
