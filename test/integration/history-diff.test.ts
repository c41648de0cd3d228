import type { Graph } from '../../src/graph/connection.ts'
import { prepareGraph } from '../../src/graph/prepare-graph.ts'
import type { LineageEvent } from '../../src/openlineage/events.ts'
import { aDatasetEvent, aFacet, received } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'
import { readerOf, startQuestions, type Questions } from '../support/questions.ts'
import { dbNamespace, runIdOf, toldRun, type ToldRun } from '../support/told-runs.ts'

let graph: Graph
let all: Questions

const of = (name: string) => `of=dataset:${encodeURIComponent(dbNamespace)}:${name}`

/** A job that moves from source A to B, whose columns change and which slows down; another that has never completed. */
const runs: ToldRun[] = [
  {
    when: '1.08',
    job: 'move',
    sql: 'SELECT x FROM a',
    inputs: [{ name: 'a', version: 'a1', rows: 5 }],
    outputs: [{ name: 't', version: 't1', change: 'OVERWRITE', columns: ['id', 'gone'], rows: 5 }],
  },
  {
    when: '3.08',
    job: 'move',
    sql: 'SELECT x FROM b',
    inputs: [{ name: 'b', rows: 7 }],
    outputs: [{ name: 't', version: 't3', change: 'OVERWRITE', columns: ['id:bigint', 'fresh'], rows: 7 }],
  },
  { when: '3.10', job: 'next', inputs: [{ name: 't' }], outputs: [{ name: 'u', change: 'OVERWRITE' }] },
  { when: '4.08', job: 'broken', end: 'FAIL', inputs: [{ name: 'b' }], outputs: [{ name: 't' }] },
  {
    when: '4.09',
    job: 'hidden',
    jobNamespace: 'secret',
    inputs: [{ name: 't' }],
    outputs: [{ name: 's', namespace: 'secretdb' }],
  },
]

/** Columns that only column lineage names as a source. */
const explained: LineageEvent[] = toldRun({
  when: '5.08',
  job: 'explained',
  inputs: [{ name: 'p' }],
  outputs: [{ name: 'q', change: 'OVERWRITE' }],
}).map((event) => ({
  ...event,
  outputs: [
    {
      namespace: dbNamespace,
      name: 'q',
      facets: {
        columnLineage: aFacet({
          fields: { x: { inputFields: [{ namespace: dbNamespace, name: 'only_columns', field: 'y' }] } },
        }),
      },
    },
  ],
}))

const declaredLineage = aDatasetEvent({
  eventTime: '2026-03-06T08:00:00Z',
  dataset: {
    namespace: dbNamespace,
    name: 'view',
    facets: { lineage: aFacet({ inputs: [{ type: 'DATASET', namespace: dbNamespace, name: 't' }] }) },
  },
})

beforeAll(async () => {
  graph = connectTestGraph()
  await prepareGraph(graph, silent)
  await wipeGraph(graph)
  const events = [...runs.flatMap(toldRun), ...explained, declaredLineage].map((event) => received(event))
  await mergeInBatches(graph, events, 20)
  all = await startQuestions(graph)
})

afterAll(async () => {
  await all.close()
  await wipeGraph(graph)
  await graph.close()
})

const dataset = (name: string) => `dataset:postgres%3A//db%3A5432:${name}`

describe('the difference of a schema', () => {
  it.each([
    ['versions', 'from=t1&to=t3'],
    ['times', 'from=2026-03-02&to=2026-03-04'],
    ['a time and now', 'from=2026-03-02'],
  ])('is told between %s', async (_, span) => {
    const { body } = await all.get(`/api/v2/diff?what=schema&${of('t')}&${span}`, 'SchemaDiff')

    expect(body).toMatchObject({
      added: [{ name: 'fresh', type: 'text' }],
      removed: [{ name: 'gone', type: 'text' }],
      retyped: [{ name: 'id', from: 'text', to: 'bigint' }],
      from: { writtenAt: '2026-03-01T08:10:00.000000000Z' },
      to: { writtenAt: '2026-03-03T08:10:00.000000000Z' },
    })
  })

  it('begins with nothing where nothing had been written', async () => {
    const { body } = await all.get(`/api/v2/diff?${of('t')}&from=2026-02-01&to=t1`, 'SchemaDiff')

    expect(body).toMatchObject({
      from: { columns: [] },
      added: [{ name: 'id' }, { name: 'gone' }],
      removed: [],
    })
  })

  it('is refused for what is neither a version nor a time', async () => {
    const answer = await all.get(`/api/v2/diff?${of('t')}&from=never`)

    expect([answer.status, answer.body['detail']]).toEqual([
      400,
      expect.stringContaining('from must be a version'),
    ])
  })
})

describe('the difference of lineage', () => {
  it('shows the source that went and the one that came, of a dataset', async () => {
    const { body } = await all.get(
      `/api/v2/diff?what=lineage&${of('t')}&from=2026-03-02&to=2026-03-03T09:00:00Z&direction=upstream`,
      'LineageDiff',
    )

    expect(body).toMatchObject({
      went: [{ from: dataset('a'), to: dataset('t'), kind: 'FEEDS', derivation: 'IO', job: 'job:etl:move' }],
      came: [{ from: dataset('b'), to: dataset('t'), job: 'job:etl:move' }],
      stayed: 0,
    })
  })

  it('shows what a job reads and writes otherwise', async () => {
    const { body } = await all.get(
      '/api/v2/diff?what=lineage&of=job:etl:move&from=2026-03-02&to=2026-03-04',
      'LineageDiff',
    )

    expect(body).toMatchObject({
      went: [
        { from: dataset('a'), to: 'job:etl:move', kind: 'READS' },
        { from: dataset('a'), to: dataset('t'), kind: 'FEEDS' },
      ],
      came: [
        { from: dataset('b'), to: 'job:etl:move', kind: 'READS' },
        { from: dataset('b'), to: dataset('t'), kind: 'FEEDS' },
      ],
      stayed: 1,
    })
  })

  it('goes as many steps as asked, and says when there are more', async () => {
    const path = `/api/v2/diff?what=lineage&${of('a')}&from=2026-03-03T09:00:00Z&to=2026-03-03T12:00:00Z`
    const near = await all.get(
      `/api/v2/diff?what=lineage&${of('t')}&from=2026-02-01&to=2026-03-12&depth=1`,
      'LineageDiff',
    )
    const far = await all.get(`${path}&depth=3`, 'LineageDiff')

    expect(near.at('truncated', 'depth')).toBe(true)
    expect(far.body).toMatchObject({ came: [], went: [], stayed: 0 })
  })

  it('counts a job that never completed by when it was seen, and what a DatasetEvent declares', async () => {
    const { body } = await all.get(
      `/api/v2/diff?what=lineage&${of('t')}&from=2026-03-03T12:00:00Z&to=2026-03-06T08:30:00Z`,
      'LineageDiff',
    )

    expect(body['came']).toEqual(
      expect.arrayContaining([
        { from: dataset('t'), to: dataset('view'), kind: 'FEEDS', derivation: 'EXPLICIT' },
        expect.objectContaining({ to: 'dataset:secretdb:s' }),
      ]),
    )
  })

  it('knows a source that only column lineage names', async () => {
    const { body } = await all.get(
      `/api/v2/diff?what=lineage&${of('q')}&from=2026-03-05&to=2026-03-06`,
      'LineageDiff',
    )

    expect(body['came']).toEqual(
      expect.arrayContaining([
        { from: dataset('p'), to: dataset('q'), kind: 'FEEDS', derivation: 'IO', job: 'job:etl:explained' },
        {
          from: dataset('only_columns'),
          to: dataset('q'),
          kind: 'FEEDS',
          derivation: 'COLUMN',
          job: 'job:etl:explained',
        },
      ]),
    )
  })

  it('leaves out what a limited reader may not see, and says so', async () => {
    const limited = await startQuestions(graph, readerOf('etl', dbNamespace))
    const answer = await limited.get(
      `/api/v2/diff?what=lineage&${of('t')}&from=2026-03-03T12:00:00Z`,
      'LineageDiff',
    )
    await limited.close()

    expect(answer.text).not.toContain('secret')
    expect(answer.at('hidden')).toBe(2)
  })

  it.each(['from=2026-03-03&to=2026-03-02', 'from=x'])('is refused for %s', async (span) => {
    expect((await all.get(`/api/v2/diff?what=lineage&${of('t')}&${span}`)).status).toBe(400)
  })
})

describe('the difference of two runs', () => {
  it('is code, inputs, outputs, versions, columns, counts', async () => {
    const [from, to] = ['1.08', '3.08'].map((when) => runIdOf({ when, job: 'move' }))
    const { body } = await all.get(`/api/v2/diff?what=runs&from=${from}&to=run:${to}`, 'RunDiff')

    expect(body).toMatchObject({
      code: { sql: { from: 'SELECT x FROM a', to: 'SELECT x FROM b' } },
      inputs: { came: [{ name: 'b' }], went: [{ name: 'a' }], changed: [] },
      outputs: {
        came: [],
        went: [],
        changed: [
          {
            dataset: { name: 't' },
            version: { from: 't1', to: 't3' },
            rowCount: { from: 5, to: 7 },
            schema: { added: [{ name: 'fresh' }], removed: [{ name: 'gone' }] },
          },
        ],
      },
      hidden: 0,
    })
    expect(body['differs']).toEqual({})
  })

  it('is refused for one run alone, and for one that is not there', async () => {
    const from = runIdOf({ when: '1.08', job: 'move' })

    expect((await all.get(`/api/v2/diff?what=runs&from=${from}`)).status).toBe(400)
    expect((await all.get(`/api/v2/diff?what=runs&from=${from}&to=nothing`)).status).toBe(404)
  })
})
