import type { Graph } from '../../src/graph/connection.ts'
import { prepareGraph } from '../../src/graph/prepare-graph.ts'
import { received } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'
import { readerOf, startQuestions, type Answered, type Questions } from '../support/questions.ts'
import { dbNamespace, runIdOf, toldRun, type ToldRun } from '../support/told-runs.ts'

let graph: Graph
let all: Questions

const lake = 's3://lake'

/** Iceberg tells versions; a mart is built of them, and a table is renamed on the way. */
const runs: ToldRun[] = [
  {
    when: '1.08',
    job: 'ingest',
    sql: 'COPY a',
    sourceVersion: 'v1',
    inputs: [{ name: 'outside', version: '77' }],
    outputs: [{ name: 'raw', version: '1', change: 'OVERWRITE', rows: 10 }],
  },
  {
    when: '2.08',
    job: 'ingest',
    sql: 'COPY a',
    sourceVersion: 'v2',
    inputs: [{ name: 'outside', version: '78' }],
    outputs: [{ name: 'raw', version: '2', change: 'APPEND', rows: 12 }],
  },
  // Says that it read the first version, though the second was there.
  {
    when: '3.08',
    job: 'build',
    sql: 'SELECT 3 FROM raw',
    inputs: [{ name: 'raw', version: '1' }],
    outputs: [{ name: 'mart', change: 'OVERWRITE' }],
  },
  {
    when: '4.08',
    job: 'ingest',
    inputs: [{ name: 'outside', version: '79' }],
    outputs: [{ name: 'raw', version: '3', change: 'APPEND' }],
  },
  // Says nothing: what was there counts.
  {
    when: '5.08',
    job: 'build',
    sql: 'SELECT 5 FROM raw',
    end: 'FAIL',
    inputs: [{ name: 'raw' }],
    outputs: [{ name: 'mart' }],
  },
  {
    when: '6.08',
    job: 'ingest',
    inputs: [{ name: 'outside', version: '80' }],
    outputs: [{ name: 'raw', version: '4', change: 'OVERWRITE' }],
  },
  { when: '7.08', job: 'rename', outputs: [{ name: 'mart_new', change: 'RENAME', renamedFrom: 'mart' }] },
  {
    when: '8.08',
    job: 'export',
    inputs: [{ name: 'mart_new' }],
    outputs: [{ name: 'report', namespace: 'secretdb', change: 'OVERWRITE' }],
  },
  // Written under a path, read by the name of the table.
  {
    when: '9.08',
    job: 'spark',
    outputs: [
      {
        name: 'w/t',
        namespace: lake,
        change: 'OVERWRITE',
        symlink: { namespace: dbNamespace, name: 'lake.t' },
      },
    ],
  },
  {
    when: '10.08',
    job: 'reader',
    inputs: [{ name: 'lake.t' }],
    outputs: [{ name: 'copy', change: 'OVERWRITE' }],
  },
]

beforeAll(async () => {
  graph = connectTestGraph()
  await prepareGraph(graph, silent)
  await wipeGraph(graph)
  const events = runs.flatMap(toldRun).map((event) => received(event))
  await mergeInBatches(graph, events, 20)
  all = await startQuestions(graph)
})

afterAll(async () => {
  await all.close()
  await wipeGraph(graph)
  await graph.close()
})

function idOf(when: string, job: string): string {
  return `run:${runIdOf({ when, job })}`
}

/** What a run of the answer read, as `name version`. */
function readsOf(answer: Answered, run: string): string[] {
  const named = new Map(
    listOf(answer.body['versions']).map((version) => [version['key'], String(version['version'])]),
  )
  const found = listOf(answer.body['runs']).find(({ id }) => id === run)
  return listOf(found?.['read']).flatMap(({ versions }) =>
    (versions as unknown[]).map((key) => named.get(key) ?? '?'),
  )
}

function listOf(value: unknown): Record<string, unknown>[] {
  return value as Record<string, unknown>[]
}

function runsOf(answer: Answered): unknown[] {
  return listOf(answer.body['runs']).map(({ id }) => id)
}

describe('the origin of a dataset version', () => {
  it('is the run that made it, and the version that the run says it read', async () => {
    const answer = await all.get(
      `/api/v2/origin?of=dataset:${dbNamespace}:mart&run=${runIdOf({ when: '3.08', job: 'build' })}`,
      'Origin',
    )

    expect(runsOf(answer)).toEqual([idOf('3.08', 'build'), idOf('1.08', 'ingest')])
    expect(readsOf(answer, idOf('3.08', 'build'))).toEqual(['1'])
    expect(answer.at('runs', 0)).toMatchObject({
      code: { sql: 'SELECT 3 FROM raw' },
      read: [{ named: '1', how: 'NAMED' }],
    })
    expect(answer.at('runs', 1)).toMatchObject({ code: { sql: 'COPY a', sourceVersion: 'v1' } })
    expect(answer.at('sources')).toMatchObject([{ name: 'outside', named: '77' }])
    expect(answer.body).toMatchObject({
      truncated: { depth: false, nodes: false, fanOut: [], code: false },
      hidden: 0,
    })
  })

  it('has everything that was appended, down to the last overwriting', async () => {
    const answer = await all.get(`/api/v2/origin?dataset=dataset:${dbNamespace}:raw&version=3`, 'Origin')

    expect(listOf(answer.body['versions']).map(({ version, change }) => [version, change])).toEqual([
      ['3', 'APPEND'],
      ['2', 'APPEND'],
      ['1', 'OVERWRITE'],
    ])
    expect(runsOf(answer)).toEqual(['4.08', '2.08', '1.08'].map((when) => idOf(when, 'ingest')))
  })

  it('is that of what it held at a time', async () => {
    const answer = await all.get(
      `/api/v2/origin?of=dataset:${dbNamespace}:raw&at=2026-03-02T00:00:00Z`,
      'Origin',
    )

    expect(runsOf(answer)).toEqual([idOf('1.08', 'ingest')])
  })

  it('goes on under the name that it had before', async () => {
    const answer = await all.get('/api/v2/origin?of=dataset:secretdb:report', 'Origin')

    expect(runsOf(answer)).toEqual(
      expect.arrayContaining([
        idOf('8.08', 'export'),
        idOf('7.08', 'rename'),
        idOf('3.08', 'build'),
        idOf('1.08', 'ingest'),
      ]),
    )
  })

  it('goes on under another name of the same data', async () => {
    const answer = await all.get(`/api/v2/origin?of=dataset:${dbNamespace}:copy`, 'Origin')

    expect(runsOf(answer)).toEqual([idOf('10.08', 'reader'), idOf('9.08', 'spark')])
  })

  it('says where it was cut', async () => {
    const shallow = await all.get(
      `/api/v2/origin?of=dataset:${dbNamespace}:mart&run=${runIdOf({ when: '3.08', job: 'build' })}&depth=1`,
      'Origin',
    )
    const narrow = await all.get(`/api/v2/origin?of=dataset:${dbNamespace}:raw&version=3&appends=2`, 'Origin')
    const few = await all.get(`/api/v2/origin?of=dataset:${dbNamespace}:raw&version=3&limit=2`, 'Origin')

    expect(shallow.at('truncated', 'depth')).toBe(true)
    expect(narrow.at('truncated', 'fanOut')).toEqual(['dataset:postgres%3A//db%3A5432:raw'])
    expect(few.at('truncated', 'nodes')).toBe(true)
  })

  it('is unknown for a version that is not there', async () => {
    const answer = await all.get(`/api/v2/origin?of=dataset:${dbNamespace}:raw&version=99`)

    expect([answer.status, answer.body['type']]).toEqual([404, '/problems/node-unknown'])
    expect((await all.get('/api/v2/origin')).status).toBe(400)
    expect((await all.get('/api/v2/origin?of=job:a:b')).status).toBe(400)
  })
})

describe('the origin of a run', () => {
  it('shows the very versions that a failed run read', async () => {
    const answer = await all.get(`/api/v2/origin?of=${idOf('5.08', 'build')}`, 'Origin')

    expect(answer.at('runs', 0)).toMatchObject({
      state: 'FAIL',
      code: { sql: 'SELECT 5 FROM raw' },
      read: [{ how: 'TIME' }],
    })
    expect(readsOf(answer, idOf('5.08', 'build'))).toEqual(['3', '2', '1'])
    expect(runsOf(answer)).not.toContain(idOf('6.08', 'ingest'))
  })
})

describe('a reader that is limited to namespaces', () => {
  it('sees the walk end at what it may not see, and is told', async () => {
    const limited = await startQuestions(graph, readerOf('etl', lake))
    const answer = await limited.get(`/api/v2/origin?of=${idOf('3.08', 'build')}`, 'Origin')
    const refused = await limited.get('/api/v2/origin?of=dataset:secretdb:report')
    await limited.close()

    expect(answer.text).not.toContain(dbNamespace)
    expect(answer.body).toMatchObject({ versions: [], hidden: 1 })
    expect(refused.status).toBe(404)
  })
})
