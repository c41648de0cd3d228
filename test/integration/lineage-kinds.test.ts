import type { Graph } from '../../src/graph/connection.ts'
import { migrateGraph } from '../../src/graph/migrate.ts'
import type { RunEvent } from '../../src/openlineage/events.ts'
import type { ReceivedEvent } from '../../src/project/project-event.ts'
import { askImpact, askLineage, askPaths, distancesOf } from '../support/ask-lineage.ts'
import { aFacet, aRunEvent, aSchema, received } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'

let graph: Graph

beforeAll(async () => {
  graph = connectTestGraph()
  await migrateGraph(graph, silent)
  await wipeGraph(graph)
})

afterAll(async () => {
  await wipeGraph(graph)
  await graph.close()
})

let runs = 0

interface SomeRun {
  job: string
  at: string
  from: string[]
  to: string[]
  eventType?: 'COMPLETE' | 'FAIL' | 'START'
  facets?: RunEvent['job']['facets']
  parent?: string
  columns?: Record<string, { namespace: string; name: string; field: string }[]>
  types?: Record<string, string>
}

const runIdOf = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`

/** A run of one event, of a job in `jobs` between datasets in `db`. */
function aRun({
  job,
  at,
  from,
  to,
  eventType = 'COMPLETE',
  facets,
  parent,
  columns,
  types = {},
}: SomeRun): ReceivedEvent {
  runs += 1
  const toDataset = (name: string) => {
    const type = types[name]
    return {
      namespace: 'db',
      name,
      facets: {
        ...aSchema('x'),
        ...(type !== undefined && { datasetType: aFacet({ datasetType: type }) }),
        ...(columns !== undefined &&
          to.includes(name) && {
            columnLineage: aFacet({
              fields: Object.fromEntries(
                Object.entries(columns).map(([field, inputFields]) => [field, { inputFields }]),
              ),
            }),
          }),
      },
    }
  }
  return received(
    aRunEvent({
      eventType,
      eventTime: at,
      run: {
        runId: runIdOf(runs),
        facets:
          parent === undefined
            ? {}
            : {
                parent: aFacet({
                  run: { runId: runIdOf(900_000 + runs) },
                  job: { namespace: 'jobs', name: parent },
                }),
              },
      },
      job: { namespace: 'jobs', name: job, facets: facets ?? {} },
      inputs: from.map(toDataset),
      outputs: to.map(toDataset),
    }),
  )
}

async function merge(...events: ReceivedEvent[]): Promise<void> {
  await mergeInBatches(graph, events, 50)
}

const sourcesOf = (answer: Awaited<ReturnType<typeof askLineage>>) =>
  Object.keys(distancesOf(answer, 'upstreamDistance')).toSorted()
const at = (instant: string) => ({ from: `${instant}.000000000Z`, until: `${instant}.000000000Z` })
const span = (from: string, until: string) => ({ from: `${from}.000000000Z`, until: `${until}.000000000Z` })

describe('lineage in time', () => {
  const of = ['dataset:db:moved']
  const ask = (asked: Partial<Parameters<typeof askLineage>[1]>) =>
    askLineage(graph, { of, direction: 'upstream', ...asked })

  beforeAll(async () => {
    await merge(
      aRun({ job: 'move', at: '2026-11-01T10:00:00Z', from: ['a'], to: ['moved'] }),
      aRun({ job: 'move', at: '2026-11-02T10:00:00Z', from: ['a'], to: ['moved'] }),
      aRun({ job: 'move', at: '2026-11-03T10:00:00Z', from: ['b'], to: ['moved'] }),
      aRun({ job: 'move', at: '2026-11-04T10:00:00Z', from: ['b'], to: ['moved'] }),
    )
  })

  it.each(['dataset', 'flow'] as const)(
    'shows the source before a move as of before, the other as of after, and both over the span (%s)',
    async (granularity) => {
      const sources = async (asked: Partial<Parameters<typeof askLineage>[1]>) =>
        sourcesOf(await ask({ granularity, ...asked })).filter((id) => /:[ab]$/.test(id))

      expect(await sources({})).toEqual(['dataset:db:b'])
      expect(await sources({ span: at('2026-11-02T12:00:00') })).toEqual(['dataset:db:a'])
      expect(await sources({ span: at('2026-11-03T12:00:00') })).toEqual(['dataset:db:b'])
      expect(await sources({ span: span('2026-11-02T12:00:00', '2026-11-03T12:00:00') })).toEqual([
        'dataset:db:a',
        'dataset:db:b',
      ])
      expect(await sources({ span: at('2026-10-01T00:00:00') })).toEqual([])
    },
  )

  it('tells apart moves within one hour, and a job that moves to and fro', async () => {
    await merge(
      aRun({ job: 'swing', at: '2026-11-05T10:00:00Z', from: ['a'], to: ['swung'] }),
      aRun({ job: 'swing', at: '2026-11-05T10:10:00Z', from: ['b'], to: ['swung'] }),
      aRun({ job: 'swing', at: '2026-11-05T10:20:00Z', from: ['a'], to: ['swung'] }),
    )
    const asOf = async (minute: string) =>
      sourcesOf(await ask({ of: ['dataset:db:swung'], span: at(`2026-11-05T10:${minute}:00`) }))

    expect(await asOf('05')).toEqual(['dataset:db:a', 'dataset:db:swung'])
    expect(await asOf('15')).toEqual(['dataset:db:b', 'dataset:db:swung'])
    expect(await asOf('25')).toEqual(['dataset:db:a', 'dataset:db:swung'])
    const within = await ask({
      of: ['dataset:db:swung'],
      span: span('2026-11-05T10:12:00', '2026-11-05T10:14:00'),
    })
    expect(sourcesOf(within)).toEqual(['dataset:db:b', 'dataset:db:swung'])
  })

  it('shows what a job does that has never completed, now and then', async () => {
    await merge(
      aRun({ job: 'failing', at: '2026-11-06T10:00:00Z', from: ['a'], to: ['failed'], eventType: 'FAIL' }),
    )
    const sources = ['dataset:db:a', 'dataset:db:failed']

    expect(sourcesOf(await ask({ of: ['dataset:db:failed'] }))).toEqual(sources)
    expect(sourcesOf(await ask({ of: ['dataset:db:failed'], span: at('2026-11-07T00:00:00') }))).toEqual(
      sources,
    )
    expect(sourcesOf(await ask({ of: ['dataset:db:failed'], span: at('2026-11-05T00:00:00') }))).toEqual([
      'dataset:db:failed',
    ])
  })
})

const x = (name: string) => ({ namespace: 'db', name, field: 'x' })
const typed = (jobType: string) => ({
  jobType: aFacet({ processingType: 'BATCH', integration: 'SPARK', jobType }),
})

describe('lineage of other kinds', () => {
  beforeAll(async () => {
    const day = '2026-11-10T10:00:00Z'
    const owned = { ownership: aFacet({ owners: [{ name: 'team:x', type: 'MAINTAINER' }] }) }
    await merge(
      aRun({
        job: 'app.one',
        parent: 'app',
        at: day,
        from: ['k1'],
        to: ['k2'],
        types: { k2: 'TEMPORARY' },
        columns: { x: [x('k1')] },
        facets: typed('SQL_JOB'),
      }),
      aRun({
        job: 'app.two',
        parent: 'app',
        at: day,
        from: ['k2'],
        to: ['k3'],
        types: { k2: 'TEMPORARY' },
        columns: { x: [x('k2')] },
        facets: typed('RDD_JOB'),
      }),
      aRun({
        job: 'last',
        at: '2026-11-10T11:00:00Z',
        from: ['k3'],
        to: ['k4'],
        facets: { ...typed('SQL_JOB'), ...owned },
      }),
      aRun({ job: 'reader', at: '2026-11-10T11:00:00Z', from: ['k3'], to: [] }),
    )
  })

  it('goes from job to job, and from application to what is outside of it', async () => {
    const jobs = await askLineage(graph, { of: ['job:jobs:app.one'] })
    const apps = await askLineage(graph, { of: ['job:jobs:app'], granularity: 'application' })

    expect(distancesOf(jobs, 'downstreamDistance')).toEqual({
      'job:jobs:app.one': 0,
      'job:jobs:app.two': 1,
      'job:jobs:last': 2,
      'job:jobs:reader': 2,
    })
    expect(jobs.edges[0]).toMatchObject({
      from: 'job:jobs:app.one',
      to: 'job:jobs:app.two',
      via: ['dataset:db:k2'],
    })
    expect(distancesOf(apps, 'downstreamDistance')).toEqual({
      'job:jobs:app': 0,
      'job:jobs:last': 1,
      'job:jobs:reader': 1,
    })
  })

  it('goes from column to column, each edge with its manner', async () => {
    const answer = await askLineage(graph, { of: ['field:db:k1:x'], direction: 'downstream' })

    expect(distancesOf(answer, 'downstreamDistance')).toEqual({
      'field:db:k1:x': 0,
      'field:db:k2:x': 1,
      'field:db:k3:x': 2,
    })
    expect(answer.edges[0]).toMatchObject({
      kind: 'FEEDS',
      derivation: 'COLUMN',
      type: 'DIRECT',
      job: 'job:jobs:app.one',
    })
  })

  it('goes from run to run, by the versions that they wrote and read', async () => {
    const whole = await askLineage(graph, { of: ['job:jobs:last'], granularity: 'flow', depth: 1 })
    expect(whole.nodes.length).toBeGreaterThan(1)
    const read = await askLineage(graph, { of: [`run:${runIdOf(runs - 1)}`], direction: 'upstream' })

    expect(read.granularity).toBe('run')
    expect(read.nodes.map(({ name }) => name)).toContain('app.two')
    expect(read.edges).toContainEqual(expect.objectContaining({ kind: 'READ', dataset: 'dataset:db:k3' }))
  })

  it('bridges temporary datasets where they are folded', async () => {
    const answer = await askLineage(graph, { of: ['dataset:db:k1'], direction: 'downstream', isFolded: true })

    expect(distancesOf(answer, 'downstreamDistance')).toEqual({
      'dataset:db:k1': 0,
      'dataset:db:k3': 1,
      'dataset:db:k4': 2,
    })
    expect(answer.edges).toContainEqual({
      from: 'dataset:db:k1',
      to: 'dataset:db:k3',
      kind: 'FEEDS',
      current: true,
      derivation: 'COLUMN',
      via: ['dataset:db:k2'],
    })
  })

  it('follows only the flows that are asked for', async () => {
    const of = ['dataset:db:k1']
    const namesOf = async (asked: object) =>
      Object.keys(
        distancesOf(await askLineage(graph, { of, direction: 'downstream', ...asked }), 'downstreamDistance'),
      )
    const two = ['dataset:db:k1', 'dataset:db:k2']

    expect(await namesOf({ derivations: ['COLUMN'] })).toEqual([...two, 'dataset:db:k3'])
    expect(await namesOf({ jobTypes: ['sql_job'] })).toEqual(two)
    expect(await namesOf({ namespaces: ['elsewhere'] })).toEqual(['dataset:db:k1'])
    expect(await namesOf({ namespaces: ['jobs'] })).toHaveLength(4)
  })

  it('begins at what a job reads and writes, where datasets are asked for', async () => {
    const answer = await askLineage(graph, { of: ['job:jobs:app.two'], granularity: 'dataset' })

    expect(distancesOf(answer, 'upstreamDistance')).toMatchObject({ 'dataset:db:k2': 0, 'dataset:db:k1': 1 })
    expect(distancesOf(answer, 'downstreamDistance')).toMatchObject({
      'dataset:db:k3': 0,
      'dataset:db:k4': 1,
    })
  })
})

describe('impact', () => {
  it('lists datasets and jobs with their owners and the way to each, the nearest first', async () => {
    const { impacted } = await askImpact(graph, { of: ['dataset:db:k1'] })

    expect(impacted.map(({ id, distance }) => [id, distance])).toEqual([
      ['dataset:db:k2', 1],
      ['job:jobs:app.one', 1],
      ['dataset:db:k3', 2],
      ['job:jobs:app.two', 2],
      ['dataset:db:k4', 3],
      ['job:jobs:last', 3],
      ['job:jobs:reader', 3],
    ])
    const last = impacted.find(({ id }) => id === 'job:jobs:last')
    expect(last?.owners).toEqual([{ name: 'team:x', type: 'MAINTAINER' }])
    expect(last?.path).toEqual([
      'dataset:db:k1',
      'job:jobs:app.one',
      'dataset:db:k2',
      'job:jobs:app.two',
      'dataset:db:k3',
      'job:jobs:last',
    ])
  })

  it('of a column is of columns, of a job of what it writes', async () => {
    const column = await askImpact(graph, { of: ['field:db:k1:x'] })
    const job = await askImpact(graph, { of: ['job:jobs:app.two'] })

    expect(column.impacted.map(({ id }) => id)).toEqual([
      'field:db:k2:x',
      'job:jobs:app.one',
      'field:db:k3:x',
      'job:jobs:app.two',
    ])
    expect(job.impacted.map(({ id, distance }) => [id, distance])).toEqual([
      ['dataset:db:k3', 1],
      ['dataset:db:k4', 2],
      ['job:jobs:last', 2],
      ['job:jobs:reader', 2],
    ])
  })

  it('is as of a time where one is asked for', async () => {
    const { impacted } = await askImpact(graph, { of: ['dataset:db:a'], span: at('2026-11-03T12:00:00') })

    expect(impacted).toEqual([])
  })
})

describe('paths', () => {
  it('lead to a job as well, and there are none against the flow', async () => {
    const to = await askPaths(graph, { of: ['dataset:db:k1'], to: 'job:jobs:reader', granularity: 'flow' })
    const none = await askPaths(graph, { of: ['dataset:db:k4'], to: 'dataset:db:k1' })

    expect(to.paths[0]?.nodes).toEqual([
      'dataset:db:k1',
      'job:jobs:app.one',
      'dataset:db:k2',
      'job:jobs:app.two',
      'dataset:db:k3',
      'job:jobs:reader',
    ])
    expect(to.paths[0]?.edges.map(({ kind }) => kind)).toEqual([
      'READS',
      'WRITES',
      'READS',
      'WRITES',
      'READS',
    ])
    expect(none.paths).toEqual([])
  })
})
