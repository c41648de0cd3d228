import type { Graph } from '../../src/graph/connection.ts'
import { prepareGraph } from '../../src/graph/prepare-graph.ts'
import type { LineageEvent } from '../../src/openlineage/events.ts'
import { aDatasetEvent, aFacet, aJobEvent, received } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'
import { readerOf, startQuestions, type Questions } from '../support/questions.ts'
import { dbNamespace, runIdOf, toldRun, type ToldRun } from '../support/told-runs.ts'

let graph: Graph
let all: Questions
let limited: Questions

const db = encodeURIComponent(dbNamespace)
const orders = `/api/v2/datasets/${db}/orders`

const loads: ToldRun[] = [
  {
    when: '1.08',
    job: 'load',
    sql: 'SELECT id FROM raw_a',
    inputs: [{ name: 'raw_a', rows: 9 }],
    outputs: [{ name: 'orders', columns: ['id'], change: 'OVERWRITE', rows: 9 }],
  },
  {
    when: '2.08',
    job: 'load',
    sql: 'SELECT id FROM raw_a',
    inputs: [{ name: 'raw_a' }],
    outputs: [{ name: 'orders', columns: ['id'], change: 'OVERWRITE' }],
  },
  {
    when: '3.08',
    job: 'load',
    sql: 'SELECT id, total FROM raw_b',
    inputs: [{ name: 'raw_b' }],
    outputs: [{ name: 'orders', columns: ['id:bigint', 'total'], change: 'OVERWRITE' }],
  },
  {
    when: '4.08',
    job: 'load',
    end: 'FAIL',
    error: 'disk full',
    inputs: [{ name: 'raw_b' }],
    outputs: [{ name: 'orders' }],
  },
]
const secret: ToldRun = {
  when: '3.09',
  job: 'report',
  jobNamespace: 'secret',
  inputs: [{ name: 'orders' }],
  outputs: [{ name: 'pay', namespace: 'secretdb' }],
}

const declared: LineageEvent[] = [
  aDatasetEvent({
    eventTime: '2026-03-03T12:00:00Z',
    dataset: {
      namespace: dbNamespace,
      name: 'orders',
      facets: {
        ownership: aFacet({ owners: [{ name: 'team:data', type: 'MAINTAINER' }] }),
        tags: aFacet({ tags: [{ key: 'pii', value: 'yes', source: 'X' }] }),
        stranger: aFacet({ note: 'kept' }),
      },
    },
  }),
  aJobEvent({ eventTime: '2026-03-01T00:00:00Z', job: { namespace: 'etl', name: 'planned' } }),
]

const bigNumber = '{"big": 12345678901234567890.10, "a":1}'

beforeAll(async () => {
  graph = connectTestGraph()
  await prepareGraph(graph, silent)
  await wipeGraph(graph)
  const events = [...loads, secret].flatMap(toldRun)
  await mergeInBatches(
    graph,
    [...events, ...declared].map((event) => received(event)),
    20,
  )
  all = await startQuestions(graph)
  limited = await startQuestions(graph, readerOf('etl', dbNamespace))
})

afterAll(async () => {
  await all.close()
  await limited.close()
  await wipeGraph(graph)
  await graph.close()
})

describe('lists', () => {
  it('give every dataset once, page by page', async () => {
    const names: unknown[] = []
    for (let path = '/api/v2/datasets?limit=2'; path !== '';) {
      const page = await all.get(path, 'DatasetPage')
      names.push(
        ...[0, 1].map((place) => page.at('datasets', place, 'name')).filter((name) => name !== undefined),
      )
      const next = page.at('next')
      path = typeof next === 'string' ? `/api/v2/datasets?limit=2&cursor=${next}` : ''
    }

    expect(names).toEqual(['orders', 'raw_a', 'raw_b', 'pay'])
  })

  it('find datasets of any namespace whose names begin so', async () => {
    const first = await all.get('/api/v2/datasets?prefix=raw_&limit=1', 'DatasetPage')
    const second = await all.get(
      `/api/v2/datasets?prefix=raw_&limit=1&cursor=${String(first.at('next'))}`,
      'DatasetPage',
    )

    expect([first.at('datasets', 0, 'name'), second.at('datasets', 0, 'name')]).toEqual(['raw_a', 'raw_b'])
    expect(second.at('next')).toBeUndefined()
  })

  it('give each job with its newest run, filtered by the state of it', async () => {
    const jobs = await all.get('/api/v2/jobs?namespace=etl', 'JobPage')
    const failing = await all.get('/api/v2/jobs?state=FAIL&jobType=TASK&integration=AIRFLOW', 'JobPage')

    expect(jobs.at('jobs', 0)).toMatchObject({
      name: 'load',
      latestRun: { state: 'FAIL', startedAt: '2026-03-04T08:00:00.000000000Z' },
    })
    expect(jobs.at('jobs', 1, 'latestRun')).toBeUndefined()
    expect(failing.at('jobs')).toHaveLength(1)
  })

  it('give runs by state and time, the newest first', async () => {
    const done = await all.get('/api/v2/runs?state=COMPLETE&to=2026-03-03T08:30:00Z&limit=2', 'RunPage')
    const rest = await all.get(
      `/api/v2/runs?state=COMPLETE&to=2026-03-03T08:30:00Z&limit=2&cursor=${String(done.at('next'))}`,
      'RunPage',
    )
    const ids = [done.at('runs', 0, 'runId'), done.at('runs', 1, 'runId'), rest.at('runs', 0, 'runId')]

    expect(ids).toEqual(['3.08', '2.08', '1.08'].map((when) => runIdOf({ when, job: 'load' })))
    expect(rest.at('next')).toBeUndefined()
  })

  it('give events of a run, a job and a dataset', async () => {
    const ofRun = await all.get(
      `/api/v2/events?of=run:${runIdOf({ when: '1.08', job: 'load' })}`,
      'EventPage',
    )
    const ofJob = await all.get('/api/v2/events?of=job:etl:load&limit=3', 'EventPage')
    const ofDataset = await all.get(`/api/v2/events?of=dataset:${dbNamespace}:orders&limit=1`, 'EventPage')

    expect(ofRun.at('events')).toHaveLength(2)
    expect([0, 1, 2].map((place) => ofJob.at('events', place, 'eventType'))).toEqual([
      'FAIL',
      'START',
      'COMPLETE',
    ])
    expect(ofDataset.at('events', 0)).toMatchObject({ about: 'dataset:postgres%3A//db%3A5432:orders' })
  })

  it('give owners and tags with what has them', async () => {
    const owners = await all.get('/api/v2/owners', 'OwnerPage')
    const owner = await all.get('/api/v2/owners/team:data', 'Owner')
    const tags = await all.get('/api/v2/tags', 'TagPage')
    const tag = await all.get('/api/v2/tags/pii?value=yes', 'Tagged')

    expect(owners.at('owners')).toEqual([{ name: 'team:data', owns: 1 }])
    expect(owner.at('owns', 0)).toMatchObject({ kind: 'dataset', name: 'orders', type: 'MAINTAINER' })
    expect(tags.at('tags')).toEqual([{ key: 'pii', value: 'yes', tagged: 1 }])
    expect(tag.at('tagged', 0)).toMatchObject({ kind: 'dataset', name: 'orders', value: 'yes', source: 'X' })
  })
})

describe('a dataset', () => {
  it('is shown with facets, columns, people, versions and jobs', async () => {
    const { body, headers } = await all.get(orders, 'Dataset')

    expect(body).toMatchObject({
      id: 'dataset:postgres%3A//db%3A5432:orders',
      owners: [{ name: 'team:data', type: 'MAINTAINER' }],
      tags: [{ key: 'pii', value: 'yes' }],
      fields: [{ name: 'id', type: 'bigint' }, { name: 'total' }],
      schema: {
        columns: [
          { name: 'id', type: 'bigint' },
          { name: 'total', type: 'text' },
        ],
      },
      facets: { stranger: { note: 'kept' }, ownership: { owners: [{ name: 'team:data' }] } },
      writtenBy: [{ name: 'load', current: true }],
      readBy: [{ name: 'report' }],
      hidden: 0,
    })
    expect(body['versions']).toHaveLength(3)
    expect(Object.keys(body).filter((key) => /clock|^written[CS]|lock/i.test(key))).toEqual([])
    const again = await all.get(orders, undefined, { 'If-None-Match': headers.get('etag') ?? '' })
    expect([again.status, again.text]).toEqual([304, ''])
  })

  it('tells when each schema held, and what differs', async () => {
    const { body } = await all.get(`${orders}/schemas`, 'SchemaPage')

    expect(body['schemas']).toMatchObject([
      {
        source: 'WRITTEN',
        heldFrom: '2026-03-03T08:10:00.000000000Z',
        versions: 1,
        changes: {
          added: [{ name: 'total', type: 'text' }],
          removed: [],
          retyped: [{ name: 'id', from: 'text', to: 'bigint' }],
        },
      },
      { heldFrom: '2026-03-01T08:10:00.000000000Z', heldTo: '2026-03-03T08:10:00.000000000Z', versions: 2 },
    ])
  })

  it('lists its versions with their runs, up to a time', async () => {
    const { body } = await all.get(`${orders}/versions?to=2026-03-02`, 'DatasetVersionPage')

    expect(body['versions']).toMatchObject([
      { rowCount: 9, change: 'OVERWRITE', assumed: false, run: { job: { name: 'load' } } },
    ])
  })

  it.each([
    `datasets/${db}/nothing`,
    `datasets/${db}/nothing/versions`,
    `datasets/${db}/nothing/schemas`,
    'jobs/etl/nothing',
    'jobs/etl/nothing/versions',
    'jobs/etl/nothing/runs',
  ])('is a 404 with advice where there is none: %s', async (path) => {
    const answer = await all.get(`/api/v2/${path}`)

    expect(answer.status).toBe(404)
    expect(answer.body).toMatchObject({ type: '/problems/node-unknown' })
  })
})

describe('a job', () => {
  it('is shown with versions, what differs, inputs, outputs and runs', async () => {
    const { body } = await all.get('/api/v2/jobs/etl/load', 'Job')

    expect(body).toMatchObject({
      jobType: 'TASK',
      inputs: [
        { name: 'raw_b', current: true },
        { name: 'raw_a', current: false },
      ],
      outputs: [{ name: 'orders' }],
      versions: [
        {
          changes: { inputsAdded: [{ name: 'raw_b' }], inputsRemoved: [{ name: 'raw_a' }], changed: ['SQL'] },
        },
        { inputs: [{ name: 'raw_a' }] },
      ],
    })
    expect(body['runs']).toHaveLength(4)
  })

  it('lists its runs page by page, and by state', async () => {
    const page = await all.get('/api/v2/jobs/etl/load/runs?limit=3', 'RunPage')
    const rest = await all.get(
      `/api/v2/jobs/etl/load/runs?limit=3&cursor=${String(page.at('next'))}`,
      'RunPage',
    )
    const failed = await all.get('/api/v2/jobs/etl/load/runs?state=fail', 'RunPage')

    expect(page.at('runs')).toHaveLength(3)
    expect(rest.at('runs', 0, 'runId')).toBe(runIdOf({ when: '1.08', job: 'load' }))
    expect(failed.at('runs', 0)).toMatchObject({ state: 'FAIL', errorMessage: 'disk full' })
  })

  it('lists its versions', async () => {
    const { body } = await all.get('/api/v2/jobs/etl/load/versions?limit=1', 'JobVersionPage')

    expect(body).toMatchObject({ versions: [{ inputs: [{ name: 'raw_b' }] }] })
    expect(body['next']).toBeDefined()
  })
})

describe('a run, a column, an event', () => {
  it('are shown whole', async () => {
    const run = await all.get(`/api/v2/runs/${runIdOf({ when: '1.08', job: 'load' }).toUpperCase()}`, 'Run')
    const field = await all.get(`/api/v2/fields/${db}/orders/id`, 'Field')

    expect(run.body).toMatchObject({
      state: 'COMPLETE',
      job: { name: 'load' },
      read: [{ dataset: { name: 'raw_a' }, rowCount: 9 }],
      wrote: [{ dataset: { name: 'orders' }, change: 'OVERWRITE', produced: { assumed: false } }],
      hidden: 0,
    })
    expect(run.at('events')).toHaveLength(2)
    expect(field.body).toMatchObject({ name: 'id', type: 'bigint', dataset: { name: 'orders' } })
  })

  it('give the very text that was received, big numbers and all', async () => {
    const [start] = toldRun({ when: '5.08', job: 'load' })
    const text = `{"x": ${bigNumber}, ${JSON.stringify(start).slice(1)}`
    const parsed = received(start ?? aJobEvent())
    const { gzipSync } = await import('node:zlib')
    await mergeInBatches(graph, [{ ...parsed, payload: gzipSync(text) }], 1)

    const answer = await all.get(`/api/v2/events/${parsed.id}`)

    expect(answer.text).toBe(text)
    expect((await all.get('/api/v2/events/0000')).status).toBe(404)
  })
})

describe('a reader that is limited to namespaces', () => {
  it('gets lists without what it may not see', async () => {
    const datasets = await limited.get('/api/v2/datasets', 'DatasetPage')
    const jobs = await limited.get('/api/v2/jobs', 'JobPage')
    const runs = await limited.get('/api/v2/runs', 'RunPage')
    const events = await limited.get('/api/v2/events', 'EventPage')

    for (const { text } of [datasets, jobs, runs, events]) expect(text).not.toContain('secret')
    expect(datasets.at('datasets')).toHaveLength(3)
    expect(jobs.at('jobs')).toHaveLength(2)
  })

  it('is told how much was left out', async () => {
    const dataset = await limited.get(orders, 'Dataset')

    expect(dataset.at('readBy')).toEqual([])
    expect(dataset.at('hidden')).toBe(1)
  })

  it.each([
    '/api/v2/datasets/secretdb/pay',
    '/api/v2/datasets/secretdb/pay/versions',
    '/api/v2/jobs/secret/report',
    '/api/v2/jobs/secret/report/runs',
    `/api/v2/runs/${runIdOf({ when: '3.09', job: 'report' })}`,
    '/api/v2/fields/secretdb/pay/x',
    '/api/v2/events?of=job:secret:report',
  ])('gets 404 for %s', async (path) => {
    expect((await limited.get(path)).status).toBe(404)
  })

  it('gets no event that names what it may not see', async () => {
    const [event] = toldRun(secret)
    const { id } = received(event ?? aJobEvent())

    expect((await all.get(`/api/v2/events/${id}`)).status).toBe(200)
    expect((await limited.get(`/api/v2/events/${id}`)).status).toBe(404)
  })
})
