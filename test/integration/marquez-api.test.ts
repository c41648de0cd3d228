import { once } from 'node:events'
import type { Reader } from '../../src/http/access.ts'
import { createApp } from '../../src/app.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { aFacet, aRunEvent, aSchema, fixtureTexts } from '../support/events.ts'
import { silent } from '../support/graph.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import type { Json } from '../support/json.ts'
import { misshapen } from '../support/marquez-shapes.ts'
import { sendTexts } from '../support/send-texts.ts'

const db = 'postgres://h:5432'
const dbPart = encodeURIComponent(db)
const runIds = {
  parent: '01a2043f-874b-7c7f-8370-000000000001',
  stage: '01a2043f-874b-7c7f-8370-000000000002',
  report: '01a2043f-874b-7c7f-8370-000000000003',
  restarted: '01a2043f-874b-7c7f-8370-000000000004',
  sibling: '01a2043f-874b-7c7f-8370-000000000005',
}

function table(name: string, ...columns: string[]) {
  return { namespace: db, name, facets: columns.length === 0 ? {} : aSchema(...columns) }
}

function columnsFrom(source: string, field: string) {
  const inputFields = [
    {
      namespace: db,
      name: source,
      field,
      transformations: [{ type: 'DIRECT', subtype: 'AGGREGATION', description: 'sum(amount)' }],
    },
  ]
  return { columnLineage: aFacet({ fields: { total: { inputFields } } }) }
}

const parent = {
  parent: aFacet({ run: { runId: runIds.parent }, job: { namespace: 'other', name: 'daily' } }),
}

/** raw -> stage -> orders -> report -> totals; a sibling reads raw too; the report has begun again. */
const events = [
  ...(['START', 'COMPLETE'] as const).map((eventType, index) =>
    aRunEvent({
      eventType,
      eventTime: `2026-11-22T10:00:0${index}Z`,
      run: { runId: runIds.stage, facets: parent },
      job: { namespace: 'etl', name: 'daily.stage', facets: { sql: aFacet({ query: 'SELECT 1' }) } },
      inputs: [table('raw', 'id', 'amount')],
      outputs: [table('orders', 'id', 'amount')],
    }),
  ),
  aRunEvent({
    eventType: 'COMPLETE',
    eventTime: '2026-11-22T11:00:00Z',
    run: { runId: runIds.report },
    job: { namespace: 'etl', name: 'report' },
    inputs: [table('orders')],
    outputs: [
      { ...table('totals', 'total'), facets: { ...aSchema('total'), ...columnsFrom('orders', 'amount') } },
    ],
  }),
  aRunEvent({
    eventTime: '2026-11-22T12:00:00Z',
    run: { runId: runIds.restarted },
    job: { namespace: 'etl', name: 'report' },
  }),
  aRunEvent({
    eventType: 'FAIL',
    eventTime: '2026-11-22T09:00:00Z',
    run: { runId: runIds.sibling },
    job: { namespace: 'elsewhere', name: 'sibling' },
    inputs: [table('raw')],
    outputs: [{ namespace: 'elsewhere-db', name: 'copy' }],
  }),
]

let collector: Collector

beforeAll(async () => {
  collector = await startCollector()
  await wipeGraph(collector.graph)
  await sendTexts(collector, [
    ...fixtureTexts('airflow', 'spark'),
    ...events.map((event) => JSON.stringify(event)),
  ])
}, 180_000)

afterAll(async () => {
  await wipeGraph(collector.graph)
  await collector.close()
})

async function ask(path: string) {
  const { status, body } = await collector.ask('GET', `/api/v1${path}`)
  expect(status).toBe(200)
  return body as Json
}

const ofStage = `/namespaces/etl/jobs/daily.stage`
const ofOrders = `/namespaces/${dbPart}/datasets/orders`

describe('Marquez’s API', () => {
  it.each([
    ['/namespaces', 'MarquezNamespaces'],
    ['/namespaces/etl', 'MarquezNamespace'],
    ['/sources', 'MarquezSources'],
    [`/sources/${dbPart}`, 'MarquezSource'],
    ['/jobs?limit=1000', 'MarquezJobs'],
    ['/jobs?lastRunStates=FAILED&lastRunStates=RUNNING', 'MarquezJobs'],
    ['/namespaces/etl/jobs', 'MarquezJobs'],
    [ofStage, 'MarquezJob'],
    [`${ofStage}/versions`, 'MarquezJobVersions'],
    [`${ofStage}/runs`, 'MarquezRuns'],
    [`/jobs/runs/${runIds.stage}`, 'MarquezRun'],
    [`/jobs/runs/${runIds.stage}/facets?type=run`, 'MarquezRunFacets'],
    [`/jobs/runs/${runIds.stage}/facets?type=job`, 'MarquezRunFacets'],
    [`/namespaces/${dbPart}/datasets`, 'MarquezDatasets'],
    [ofOrders, 'MarquezDataset'],
    [`${ofOrders}/versions`, 'MarquezDatasetVersions'],
    [`/lineage?nodeId=dataset:${dbPart}:orders&depth=5`, 'MarquezLineage'],
    [`/lineage?nodeId=job:etl:report`, 'MarquezLineage'],
    [`/column-lineage?nodeId=dataset:${dbPart}:totals&withDownstream=False`, 'MarquezColumnLineage'],
    [`/runlineage/upstream?runId=${runIds.report}&depth=3`, 'MarquezRunLineage'],
    ['/events/lineage?limit=5', 'MarquezEvents'],
    ['/search?q=ORDER', 'MarquezSearch'],
    ['/tags', 'MarquezTags'],
    ['/stats/lineage-events?period=WEEK&timezone=Europe/Berlin', 'MarquezEventStats'],
    ['/stats/jobs?period=DAY', 'MarquezStats'],
    ['/stats/datasets?period=WEEK&timezone=Asia/Kolkata', 'MarquezStats'],
    ['/stats/sources?period=DAY', 'MarquezStats'],
  ])('gives %s the shape %s', async (path, schema) => {
    expect(misshapen(await ask(path), schema)).toEqual([])
  })

  it('gives every job and dataset of the real events its shape, one by one', async () => {
    const { namespaces } = await ask('/namespaces?limit=1000')

    for (const { name } of namespaces) {
      const namespace = encodeURIComponent(String(name))
      const { datasets, totalCount } = await ask(`/namespaces/${namespace}/datasets?limit=1000`)
      const { jobs } = await ask(`/namespaces/${namespace}/jobs?limit=1000`)
      expect(totalCount).toBe(datasets.length)
      expect(datasets.flatMap((one: unknown) => misshapen(one, 'MarquezDataset'))).toEqual([])
      for (const job of jobs.slice(0, 5)) {
        const of = `/namespaces/${namespace}/jobs/${encodeURIComponent(job.name)}`
        expect(misshapen(await ask(of), 'MarquezJob')).toEqual([])
        expect(misshapen(await ask(`${of}/runs`), 'MarquezRuns')).toEqual([])
      }
    }
    expect(namespaces.length).toBeGreaterThan(3)
  }, 120_000)

  it('lists all jobs, the last seen first, in pages that fit together', async () => {
    const { jobs, totalCount } = await ask('/jobs?limit=1000')
    const pages = [await ask('/jobs?limit=7&offset=0'), await ask('/jobs?limit=1000&offset=7')]

    expect(pages.flatMap((page) => page.jobs.map((job: Json) => job.id))).toEqual(
      jobs.map((job: Json) => job.id),
    )
    expect(totalCount).toBe(jobs.length)
    const seen = jobs.filter((job: Json) => job.latestRun !== null).map((job: Json) => job.updatedAt)
    expect(seen.length).toBeGreaterThan(5)
  })

  it('gives a child its own newest run, and names its parent', async () => {
    const job = await ask(ofStage)

    expect(job).toMatchObject({
      simpleName: 'stage',
      parentJobName: 'daily',
      latestRun: { id: runIds.stage, state: 'COMPLETED', durationMs: 1000 },
    })
    expect(job.facets.sql.query).toBe('SELECT 1')
    expect(job.latestRun.inputDatasetVersions[0].datasetVersionId).toMatchObject({
      namespace: db,
      name: 'raw',
    })
  })

  it('finds the version that a run has written under the id that it gives', async () => {
    const { outputDatasetVersions } = await ask(`/jobs/runs/${runIds.stage}`)
    const { version } = outputDatasetVersions[0].datasetVersionId

    const found = await ask(`${ofOrders}/versions/${version}`)

    expect(misshapen(found, 'MarquezDatasetVersion')).toEqual([])
    expect(found).toMatchObject({
      version,
      createdByRun: { id: runIds.stage },
      fields: [{ name: 'id', type: 'string' }, { name: 'amount' }],
    })
  })

  it('finds a job’s version under its id', async () => {
    const { currentVersion } = await ask(ofStage)

    const found = await ask(`${ofStage}/versions/${currentVersion}`)

    expect(misshapen(found, 'MarquezJobVersion')).toEqual([])
    expect(found).toMatchObject({ inputs: [{ namespace: db, name: 'raw' }], latestRun: { id: runIds.stage } })
  })

  it('keeps the edges of a job that has begun again and said nothing of its datasets', async () => {
    const job = await ask('/namespaces/etl/jobs/report')

    expect(job.latestRun).toMatchObject({ id: runIds.restarted, state: 'RUNNING' })
    expect(job.inputs).toEqual([{ namespace: db, name: 'orders' }])
    expect(job.outputs).toEqual([{ namespace: db, name: 'totals' }])
  })
})

/** The ids of a graph of lineage. */
async function idsOf(query: string): Promise<string[]> {
  return (await ask(`/lineage?${query}`)).graph.map(({ id }: { id: string }) => id)
}

describe('GET /api/v1/lineage', () => {
  const all = [
    'dataset:postgres://h:5432:orders',
    'dataset:postgres://h:5432:raw',
    'dataset:postgres://h:5432:totals',
    'job:etl:daily.stage',
    'job:etl:report',
  ]

  it('goes up and down from a dataset, and not from its sources down to others', async () => {
    expect(await idsOf(`nodeId=dataset:${dbPart}:orders&depth=5`)).toEqual(all)
  })

  it('understands an id with plain colons', async () => {
    expect(await idsOf(`nodeId=dataset:${db}:orders`)).toEqual(all)
  })

  it('counts depth in jobs', async () => {
    expect(await idsOf(`nodeId=dataset:${dbPart}:raw&depth=0`)).toEqual(['dataset:postgres://h:5432:raw'])
    expect(await idsOf(`nodeId=dataset:${dbPart}:totals&depth=1`)).toEqual([
      'dataset:postgres://h:5432:orders',
      'dataset:postgres://h:5432:totals',
      'job:etl:report',
    ])
    expect(await idsOf('nodeId=job:etl:report&depth=0')).toEqual([
      'dataset:postgres://h:5432:orders',
      'dataset:postgres://h:5432:totals',
      'job:etl:report',
    ])
  })

  it('has edges in and out that match', async () => {
    const { graph } = await ask(`/lineage?nodeId=dataset:${dbPart}:orders`)
    const orders = graph.find(({ id }: { id: string }) => id === 'dataset:postgres://h:5432:orders')

    expect(orders.inEdges).toEqual([{ origin: 'job:etl:daily.stage', destination: orders.id }])
    expect(orders.outEdges).toEqual([{ origin: orders.id, destination: 'job:etl:report' }])
    expect(orders.data.fields.map(({ name }: { name: string }) => name)).toEqual(['id', 'amount'])
  })
})

describe('GET /api/v1/column-lineage', () => {
  it('has its edges in written backwards, as Marquez does, and says how columns are made', async () => {
    const { graph } = await ask(
      `/column-lineage?nodeId=datasetField:${dbPart}:orders:amount&withDownstream=true`,
    )
    const [amount, total] = graph

    expect(graph.map(({ id }: { id: string }) => id)).toEqual([
      'datasetField:postgres://h:5432:orders:amount',
      'datasetField:postgres://h:5432:totals:total',
    ])
    expect(total.inEdges).toEqual([{ origin: total.id, destination: amount.id }])
    expect(amount.outEdges).toEqual([{ origin: amount.id, destination: total.id }])
    expect(total.data).toMatchObject({
      fieldType: 'string',
      transformationType: 'AGGREGATION',
      transformationDescription: 'sum(amount)',
      inputFields: [{ dataset: 'orders', field: 'amount' }],
    })
  })

  it('is found by the job, and upstream alone where nothing else is asked for', async () => {
    const ofJob = await ask('/column-lineage?nodeId=job:etl:report')
    const upstream = await ask(`/column-lineage?nodeId=datasetField:${dbPart}:orders:amount`)

    expect(ofJob.graph.length).toBe(2)
    expect(upstream.graph.length).toBe(1)
  })
})

describe('GET /api/v1/runlineage/upstream', () => {
  it('tells which runs have made what a run read', async () => {
    const { runs } = await ask(`/runlineage/upstream?runId=${runIds.report}`)

    expect(runs.map(({ run }: Json) => run.id)).toEqual([runIds.report, runIds.stage])
    expect(runs[0].inputs).toMatchObject([{ name: 'orders', producedByRunId: runIds.stage }])
    expect(runs[1].inputs).toMatchObject([{ name: 'raw', producedByRunId: null }])
  })
})

describe('GET /api/v1/search', () => {
  it('finds parts of names in whatever case, of the kind that is asked for', async () => {
    const found = await ask('/search?q=RDER&filter=DATASET&limit=100')

    expect(found.results).toContainEqual(
      expect.objectContaining({
        type: 'DATASET',
        name: 'orders',
        nodeId: 'dataset:postgres://h:5432:orders',
      }),
    )
    expect(found.results.every(({ type, name }: Json) => type === 'DATASET' && /rder/i.test(name))).toBe(true)
    expect((await ask('/search?q=daily.st&filter=JOB')).results).toMatchObject([{ name: 'daily.stage' }])
  })
})

/** When the events of a page were, of those of our own jobs. */
function ofEtl({ events: found }: Json): string[] {
  return found.filter(({ job }: Json) => job.namespace === 'etl').map(({ eventTime }: Json) => eventTime)
}

describe('GET /api/v1/events/lineage', () => {
  it('gives the events between two times, the newest first or last', async () => {
    const between = 'after=2026-11-22T09:30:00Z&before=2026-11-22T12:00:00Z'
    const newest = ofEtl(await ask(`/events/lineage?${between}`))
    const oldest = ofEtl(await ask(`/events/lineage?${between}&sortDirection=asc`))

    expect(newest).toEqual(['2026-11-22T11:00:00Z', '2026-11-22T10:00:01Z', '2026-11-22T10:00:00Z'])
    expect(oldest).toEqual(newest.toReversed())
  })
})

describe('what Marquez’s API does not find', () => {
  it.each([
    '/namespaces/nowhere',
    '/namespaces/etl/jobs/nothing',
    `/namespaces/${dbPart}/datasets/nothing`,
    '/jobs/runs/01a2043f-874b-7c7f-8370-00000000ffff',
    '/lineage?nodeId=dataset:no:thing',
    '/lineage?nodeId=nonsense',
    `${ofOrders}/versions/01a2043f-874b-7c7f-8370-00000000ffff`,
  ])('is a 404 with code and message: %s', async (path) => {
    const { status, body } = await collector.ask('GET', `/api/v1${path}`)

    expect(status).toBe(404)
    expect(body).toMatchObject({ type: '/problems/node-unknown', code: 404, message: expect.any(String) })
  })

  it('is a 400 where the node is not said, and none for a parameter that nobody knows', async () => {
    expect((await collector.ask('GET', '/api/v1/lineage')).status).toBe(400)
    expect((await collector.ask('GET', '/api/v1/namespaces?runState=X')).status).toBe(200)
  })
})

describe('a reader of some namespaces', () => {
  const namespaces = ['etl', db]
  const reader: Reader = { namespaces, sees: (namespace) => namespaces.includes(namespace) }

  it('is shown nothing of the others, and told that something is left out', async () => {
    const answers = await asReader(reader, [
      '/namespaces',
      '/jobs?limit=1000',
      '/search?q=sibling',
      `/lineage?nodeId=dataset:${dbPart}:raw`,
      '/namespaces/elsewhere/jobs',
      '/events/lineage?after=2026-11-22T10:30:00Z&before=2026-11-22T11:30:00Z',
    ])
    const [listed, jobs, search, lineage, others, log] = answers as Json[]

    expect(listed.namespaces.map(({ name }: Json) => name)).toEqual(['etl', db])
    expect(new Set(jobs.jobs.map(({ namespace }: Json) => namespace))).toEqual(new Set(['etl']))
    expect(search.results).toEqual([])
    expect(lineage.graph.map(({ id }: Json) => id)).toContain('job:etl:report')
    expect(JSON.stringify(lineage)).not.toContain('elsewhere')
    expect(lineage.hidden).toBe(1)
    expect(others).toEqual({ jobs: [], totalCount: 0 })
    expect(JSON.stringify(log)).not.toContain('elsewhere')
    expect(log.events.length).toBeGreaterThan(0)
  })
})

/** Asks as somebody who may see some namespaces only. */
async function asReader(who: Reader, paths: readonly string[]): Promise<unknown[]> {
  const app = createApp({
    access: { require: () => who },
    graph: collector.graph,
    putChange: undefined,
    cypherLimits: { msMax: 1000, rowsMax: 1, bytesMax: 1000, queriesMax: 0 },
    receive: {} as Json,
    letters: {} as Json,
    dependencies: { redis: () => Promise.resolve(true) },
    metrics: { read: () => Promise.resolve(''), noteAnswer: () => undefined },
    log: silent,
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const { port } = server.address() as { port: number }
    return await Promise.all(
      paths.map(async (path) => await (await fetch(`http://127.0.0.1:${port}/api/v1${path}`)).json()),
    )
  } finally {
    server.close()
  }
}
