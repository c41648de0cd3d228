import type { Graph } from '../../src/graph/connection.ts'
import { prepareGraph } from '../../src/graph/prepare-graph.ts'
import { received } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'
import { readerOf, startQuestions, type Answered, type Questions } from '../support/questions.ts'
import { dbNamespace, runIdOf, toldRun, type ToldRun } from '../support/told-runs.ts'

let graph: Graph
let all: Questions

const days = [1, 2, 3, 4, 5]
const overwrite = 'OVERWRITE'

/** What goes well every day: five sources, four of them built by jobs, a mart of them all. */
function goodDay(day: number): ToldRun[] {
  return [
    { when: `${day}.01`, job: 'crawl', outputs: [{ name: 'pages', change: overwrite, rows: 100 }] },
    {
      when: `${day}.02`,
      job: 'clean',
      sql: 'SELECT a FROM pages',
      inputs: [{ name: 'pages' }],
      outputs: [{ name: 'clean', change: overwrite, columns: ['a', 'b:int'], rows: 100 }],
    },
    { when: `${day}.03`, job: 'orders', outputs: [{ name: 'orders', change: overwrite, rows: 1000 }] },
    {
      when: `${day}.03`,
      job: 'users',
      jobNamespace: 'secret',
      outputs: [{ name: 'users', change: overwrite, rows: 10 }],
    },
    { when: `${day}.04`, job: 'rates', outputs: [{ name: 'rates', change: overwrite, rows: 5 }] },
    {
      when: `${day}.08`,
      job: 'mart',
      sql: 'SELECT 1 FROM clean',
      inputs: ['clean', 'orders', 'users', 'rates', 'static'].map((name) => ({ name })),
      outputs: [{ name: 'mart', change: overwrite }],
    },
  ]
}

/** The sixth: the crawler fails, columns go, orders are few, rates do not come, and the mart fails with other SQL and less to read. */
const badDay: ToldRun[] = [
  { when: '6.01', job: 'crawl', end: 'FAIL', error: 'robots.txt', outputs: [{ name: 'pages' }] },
  {
    when: '6.02',
    job: 'clean',
    sql: 'SELECT a, c FROM pages',
    inputs: [{ name: 'pages' }, { name: 'secret_x', namespace: 'secretdb' }],
    outputs: [{ name: 'clean', change: overwrite, columns: ['a', 'c'], rows: 90 }],
  },
  { when: '6.03', job: 'orders', outputs: [{ name: 'orders', change: overwrite, rows: 3 }] },
  { when: '6.03', job: 'users', jobNamespace: 'secret', end: 'none', outputs: [{ name: 'users' }] },
  {
    when: '6.08',
    job: 'mart',
    sql: 'SELECT 1 FROM clean, other',
    end: 'FAIL',
    error: 'column b is unknown',
    inputs: ['clean', 'orders', 'users', 'rates'].map((name) => ({ name })),
    outputs: [{ name: 'mart' }],
  },
]

beforeAll(async () => {
  graph = connectTestGraph()
  await prepareGraph(graph, silent)
  await wipeGraph(graph)
  const events = [...days.flatMap(goodDay), ...badDay].flatMap(toldRun).map((event) => received(event))
  await mergeInBatches(graph, events, 40)
  all = await startQuestions(graph)
})

afterAll(async () => {
  await all.close()
  await wipeGraph(graph)
  await graph.close()
})

const failed = runIdOf({ when: '6.08', job: 'mart' })

function changesOf(answer: Answered): Record<string, unknown>[] {
  return answer.body['changes'] as Record<string, unknown>[]
}

/** `KIND name`, in the order of the answer. */
function toLines(answer: Answered): string[] {
  return changesOf(answer).map(({ kind, of }) => `${String(kind)} ${String(of).split(':').at(-1)}`)
}

describe('the changes before a run', () => {
  it('are compared with the last run of its job that completed', async () => {
    const { body } = await all.get(`/api/v2/changes?run=${failed}`, 'Changes')

    expect(body).toMatchObject({
      run: { runId: failed, state: 'FAIL' },
      since: { runId: runIdOf({ when: '5.08', job: 'mart' }), state: 'COMPLETE' },
      examined: { jobs: 6, datasets: 7 },
      hidden: 0,
    })
  })

  it('are code, columns, failures, what has not ended or come, odd numbers of rows and missing inputs', async () => {
    const lines = toLines(await all.get(`/api/v2/changes?run=${failed}`, 'Changes'))

    expect(lines).toEqual(
      expect.arrayContaining([
        'MISSING_INPUT static',
        'SCHEMA clean',
        'FAILED crawl',
        'UNFINISHED users',
        'ROW_COUNT orders',
        'CODE mart',
        'CODE clean',
        'LATE rates',
      ]),
    )
  })

  it('come with reasons, the likeliest first', async () => {
    const answer = await all.get(`/api/v2/changes?run=run:${failed}`, 'Changes')
    const changes = changesOf(answer)
    const scores = changes.map(({ score }) => Number(score))
    const reasonOf = (line: string) => changes[toLines(answer).indexOf(line)]?.['reason']

    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
    expect(toLines(answer)[0]).toBe('MISSING_INPUT static')
    expect(reasonOf('FAILED crawl')).toBe('Its newest run that ended failed: robots.txt')
    expect(reasonOf('SCHEMA clean')).toBe('Its columns changed: gone b; added c')
    expect(reasonOf('ROW_COUNT orders')).toBe('3 rows were written, where 1000 are usual')
    expect(reasonOf('CODE clean')).toBe('The job has another version: other SQL; it reads also secret_x')
    expect(reasonOf('CODE mart')).toBe('The run itself ran other SQL')
    expect(reasonOf('LATE rates')).toBe(
      'It last began 28.0 h before this run, and usually begins every 24.0 h',
    )
  })

  it('are none where everything went as it does every day', async () => {
    const answer = await all.get(`/api/v2/changes?run=${runIdOf({ when: '5.08', job: 'mart' })}`, 'Changes')

    expect(changesOf(answer)).toEqual([])
  })

  it('are cut where asked, and it is said', async () => {
    const few = await all.get(`/api/v2/changes?run=${failed}&limit=1`, 'Changes')
    const near = await all.get(`/api/v2/changes?run=${failed}&depth=1`, 'Changes')
    const narrow = await all.get(`/api/v2/changes?run=${failed}&jobs=2`, 'Changes')

    expect([changesOf(few).length, few.at('truncated', 'changes')]).toEqual([1, true])
    expect(near.at('truncated', 'depth')).toBe(true)
    expect(toLines(near)).not.toContain('FAILED crawl')
    expect(narrow.at('truncated', 'jobs')).toBe(true)
  })

  it('cannot be told without a good run before', async () => {
    const answer = await all.get(`/api/v2/changes?run=${runIdOf({ when: '1.08', job: 'mart' })}`)

    expect(answer.status).toBe(404)
    expect(answer.body['detail']).toContain('since=<runId>')
  })

  it('leave out what a limited reader may not see, and say so', async () => {
    const limited = await startQuestions(graph, readerOf('etl', dbNamespace))
    const answer = await limited.get(`/api/v2/changes?run=${failed}`, 'Changes')
    await limited.close()

    expect(answer.text).not.toContain('secret')
    expect(answer.at('hidden')).toBe(2)
  })
})
