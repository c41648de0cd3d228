import type { Graph } from '../../src/graph/connection.ts'
import { cypher, type Statement } from '../../src/graph/cypher.ts'
import { migrateGraph } from '../../src/graph/migrate.ts'
import type { Facets, JsonValue, LineageEvent } from '../../src/openlineage/events.ts'
import { aDatasetEvent, aFacet, aJobEvent, aRunEvent, received } from '../support/events.ts'
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

async function merge(...events: LineageEvent[]): Promise<void> {
  await mergeInBatches(
    graph,
    events.map((event) => received(event)),
    1,
  )
}

async function ask(statement: Statement): Promise<Record<string, unknown>[]> {
  return await graph.inRead((tx) => tx.run(statement))
}

const feedsStatement = cypher`
  MATCH (a:Dataset)-[x:FEEDS]->(b:Dataset)
  RETURN a.name AS from, x.derivation AS derivation, b.name AS to, x.jobName AS job, x.current AS current
  ORDER BY from, to
`

const dataset = (name: string) => ({ namespace: 'db', name })
const source = (name: string) => ({ type: 'DATASET', namespace: 'db', name })
const lineage = (...entries: JsonValue[]): Facets => ({ lineage: aFacet({ entries }) })
const job = (facets: Facets) => ({ namespace: 'jobs', name: 'load', facets })
const toTotals = { ...source('totals'), inputs: [source('orders')] }

const view = (facets: Facets, minute: number) =>
  aDatasetEvent({
    eventTime: `2026-11-22T10:0${minute}:00Z`,
    dataset: { ...dataset('view'), facets },
  })
const inputs = (...names: string[]) => ({ lineage: aFacet({ inputs: names.map(source) }) })

const renamed = () => ({
  ...dataset('new'),
  facets: {
    lifecycleStateChange: aFacet({
      lifecycleStateChange: 'RENAME',
      previousIdentifier: dataset('old'),
    }),
  },
})

const jobEnd = (name: string) => ({ type: 'JOB', namespace: 'jobs', name })

describe('explicit lineage of a run', () => {
  it('leaves the third output to rule 4 where it speaks of two, and counts nothing twice', async () => {
    const columnLineage = aFacet({
      fields: { id: { inputFields: [{ ...dataset('customers'), field: 'id' }] } },
    })
    await merge(
      aRunEvent({
        eventType: 'COMPLETE',
        job: job(lineage(toTotals, { ...source('names'), inputs: [] })),
        inputs: [dataset('orders'), dataset('customers')],
        outputs: [
          { ...dataset('totals'), facets: { columnLineage } },
          dataset('names'),
          { ...dataset('others'), facets: { columnLineage } },
        ],
      }),
    )

    const load = { job: 'load', current: true }
    expect(await ask(feedsStatement)).toEqual([
      { from: 'customers', derivation: 'COLUMN', to: 'others', ...load },
      { from: 'orders', derivation: 'IO', to: 'others', ...load },
      { from: 'orders', derivation: 'EXPLICIT', to: 'totals', ...load },
    ])
    const columns = cypher`MATCH (:Field)-[x:FEEDS]->(f:Field) RETURN f.dataset AS dataset, x.derivation AS derivation`
    expect(await ask(columns)).toEqual([{ dataset: 'others', derivation: 'COLUMN' }])
  })

  it('unites the entries of all events of the run', async () => {
    await merge(
      aRunEvent({ eventType: 'START', job: job(lineage(toTotals)) }),
      aRunEvent({
        eventTime: '2026-11-22T10:05:00Z',
        eventType: 'COMPLETE',
        job: job(lineage({ ...source('totals'), inputs: [source('rates')] })),
        outputs: [dataset('totals')],
      }),
    )

    const flows = await ask(feedsStatement)
    expect(flows.map(({ from, to }) => [from, to])).toEqual([
      ['orders', 'totals'],
      ['rates', 'totals'],
    ])
  })

  it('walks through a job that hands data on without a dataset between', async () => {
    await merge(
      aRunEvent({
        eventType: 'COMPLETE',
        job: job(
          lineage(
            { ...jobEnd('fetch'), inputs: [source('orders')] },
            { ...jobEnd('clean'), inputs: [jobEnd('fetch')] },
            { ...source('totals'), inputs: [jobEnd('clean')] },
          ),
        ),
      }),
    )

    const walk = cypher`
      MATCH (:Dataset {namespace: 'db', name: 'orders'})-[:FEEDS*1..20]->(d:Dataset) RETURN DISTINCT d.name AS name
    `
    expect(await ask(walk)).toEqual([{ name: 'totals' }])
  })

  it('is not taken from a dataset of a run, whose facet is kept all the same', async () => {
    const facets = { lineage: aFacet({ inputs: [source('rates')] }) }
    await merge(aRunEvent({ eventType: 'COMPLETE', outputs: [{ ...dataset('totals'), facets }] }))

    expect(await ask(feedsStatement)).toEqual([])
    const kept = cypher`MATCH (d:Dataset {name: 'totals'}) RETURN d.facet_lineage IS NOT NULL AS isKept`
    expect(await ask(kept)).toEqual([{ isKept: true }])
  })
})

describe('explicit lineage of a JobEvent', () => {
  it('is the whole declaration: the next one replaces it', async () => {
    await merge(
      aJobEvent({ job: job(lineage(toTotals)), inputs: [dataset('orders')], outputs: [dataset('totals')] }),
      aJobEvent({
        eventTime: '2026-11-22T10:05:00Z',
        job: job(lineage({ ...source('totals'), inputs: [source('rates')] })),
        inputs: [dataset('rates')],
        outputs: [dataset('totals')],
      }),
    )

    expect(await ask(feedsStatement)).toEqual([
      { from: 'rates', derivation: 'EXPLICIT', to: 'totals', job: 'load', current: true },
    ])
    expect(await ask(cypher`MATCH (r:Run) RETURN r`)).toEqual([])
  })
})

describe('lineage of a DatasetEvent', () => {
  it('needs no job, and gives way to the next', async () => {
    await merge(
      view(inputs('orders', 'rates'), 2),
      view(inputs('customers'), 1),
      view(inputs('customers'), 3),
    )

    expect(await ask(feedsStatement)).toEqual([
      { from: 'customers', derivation: 'EXPLICIT', to: 'view', job: null, current: true },
    ])
    const times = cypher`MATCH (:Dataset)-[x:FEEDS]->(:Dataset) RETURN toString(x.firstSeenAt) AS first`
    expect(await ask(times)).toEqual([{ first: '2026-11-22T10:03:00Z' }])
  })

  it('goes when it is deleted, and leaves what column lineage says', async () => {
    const columnLineage = aFacet({ fields: { id: { inputFields: [{ ...dataset('users'), field: 'id' }] } } })
    await merge(view({ ...inputs('orders'), columnLineage }, 1), view({ lineage: { _deleted: true } }, 2))

    expect(await ask(feedsStatement)).toEqual([
      { from: 'users', derivation: 'COLUMN', to: 'view', job: null, current: true },
    ])
  })
})

describe('a rename', () => {
  const statement = cypher`
    MATCH (a:Dataset)-[:RENAMED_FROM]->(b:Dataset)
    RETURN a.name AS name, b.name AS former, a.droppedAt IS NULL AS isThere, toString(b.droppedAt) AS droppedAt
  `

  it('drops the former name, and is walked back', async () => {
    await merge(aRunEvent({ eventType: 'COMPLETE', outputs: [renamed()] }))

    expect(await ask(statement)).toEqual([
      { name: 'new', former: 'old', isThere: true, droppedAt: '2026-11-22T10:00:00Z' },
    ])
    const versions = cypher`MATCH (v:DatasetVersion) RETURN v.dataset AS dataset, v.change AS change ORDER BY dataset`
    expect(await ask(versions)).toEqual([
      { dataset: 'new', change: 'RENAME' },
      { dataset: 'old', change: 'DROP' },
    ])
  })

  it('is taken back when its run has failed', async () => {
    await merge(
      aRunEvent({ eventType: 'COMPLETE', outputs: [renamed()] }),
      aRunEvent({ eventTime: '2026-11-22T10:05:00Z', eventType: 'FAIL' }),
    )

    expect(await ask(statement)).toEqual([])
    const dropped = cypher`MATCH (d:Dataset) WHERE d.droppedAt IS NOT NULL RETURN d.name`
    expect(await ask(dropped)).toEqual([])
  })

  it('may be told by a DatasetEvent', async () => {
    await merge(aDatasetEvent({ dataset: renamed() }))

    expect(await ask(statement)).toEqual([
      { name: 'new', former: 'old', isThere: true, droppedAt: '2026-11-22T10:00:00Z' },
    ])
  })

  it('does not end a dataset that was made again since', async () => {
    await merge(
      aRunEvent({ eventTime: '2026-11-22T11:00:00Z', eventType: 'COMPLETE', outputs: [dataset('old')] }),
      aDatasetEvent({ dataset: renamed() }),
    )

    expect(await ask(statement)).toEqual([{ name: 'new', former: 'old', isThere: true, droppedAt: null }])
  })
})
