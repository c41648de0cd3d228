import neo4j from 'neo4j-driver'
import type { Graph, GraphTransaction } from '../../src/graph/connection.ts'
import { migrateGraph } from '../../src/graph/migrate.ts'
import { mergeFacts } from '../../src/merge/merge-facts.ts'
import { sweepNames } from '../../src/merge/sweep-names.ts'
import { emptyFacts } from '../../src/project/facts.ts'
import { projectEvent, type ReceivedEvent } from '../../src/project/project-event.ts'
import { aDatasetEvent, aFacet, aRunEvent, aSchema, fixtureEvents, received } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, silent } from '../support/graph.ts'
import { connectPlanner, type Planner } from '../support/plans.ts'
import { putSomeRules } from '../support/rules.ts'

let graph: Graph
let planner: Planner

beforeAll(async () => {
  graph = connectTestGraph()
  planner = connectPlanner()
  await migrateGraph(graph, silent)
  await wipeGraph(graph)
})

afterAll(async () => {
  await wipeGraph(graph)
  await planner.close()
  await graph.close()
})

/** A run that completed and then failed: everything that a merge can take back. */
const takenBack = ['START', 'COMPLETE', 'FAIL'].map((eventType, minute) =>
  received(
    aRunEvent({
      eventTime: `2026-11-22T10:0${minute}:00Z`,
      eventType: eventType as 'START',
      inputs: [{ namespace: 'db', name: 'a' }],
      outputs: [{ namespace: 'db', name: 'b' }],
    }),
  ),
)

const [orders, totals] = [
  { type: 'DATASET', namespace: 'db', name: 'orders' },
  { type: 'DATASET', namespace: 'db', name: 'totals' },
]
const field = (name: string) => ({ ...orders, field: name, transformations: [{ type: 'DIRECT' }] })

/** Explicit lineage in its three forms, said again and taken away, and a dataset that was renamed. */
const explicit = [
  received(
    aRunEvent({
      eventType: 'COMPLETE',
      run: { runId: '00000000-0000-7000-8000-000000000009' },
      job: {
        namespace: 'jobs',
        name: 'explicit',
        facets: {
          lineage: aFacet({
            entries: [
              { ...totals, inputs: [{ type: 'JOB', namespace: 'jobs', name: 'other' }, field('x')] },
              { ...totals, fields: { sum: { inputs: [field('x')] } } },
            ],
          }),
        },
      },
    }),
  ),
  ...[{ inputs: [orders, field('x')] }, { inputs: [orders, field('x')] }, { inputs: [] }].map(
    (said, minute) =>
      received(
        aDatasetEvent({
          eventTime: `2026-11-22T11:0${minute}:00Z`,
          dataset: { namespace: 'db', name: 'totals', facets: { lineage: aFacet(said) } },
        }),
      ),
  ),
  ...(['COMPLETE', 'FAIL'] as const).map((eventType, minute) =>
    received(
      aRunEvent({
        eventTime: `2026-11-22T11:1${minute}:00Z`,
        eventType,
        run: { runId: '00000000-0000-7000-8000-000000000008' },
        outputs: [
          {
            namespace: 'db',
            name: 'new',
            facets: {
              lifecycleStateChange: aFacet({
                lifecycleStateChange: 'RENAME',
                previousIdentifier: { namespace: 'db', name: 'old' },
              }),
            },
          },
        ],
      }),
    ),
  ),
]

/** A symlink, stated and taken back, of datasets that have fields. */
const linked = [[{ namespace: 'db', name: 'alias', type: 'TABLE' }], []].map((identifiers, minute) =>
  received(
    aDatasetEvent({
      eventTime: `2026-11-22T10:0${minute}:00Z`,
      dataset: {
        namespace: 'db',
        name: 'aliased',
        facets: { ...aSchema('x'), symlinks: aFacet({ identifiers }) },
      },
    }),
  ),
)
/** Names that rules link, merged under some and linked anew under others. */
async function mergeUnderRules(recording: Graph): Promise<void> {
  const named = received(
    aRunEvent({
      job: { namespace: 'jobs', name: 'linked_7' },
      outputs: [{ namespace: 's3://lake', name: 'table/day=1/' }],
    }),
  )
  const numbers = { rule: 'numbers', namespaces: undefined, pattern: '_[0-9]+$', replacement: '' }
  await putSomeRules(recording, { jobs: [numbers] })
  await merge(recording, named)
  const inForce = await putSomeRules(recording, { partitions: { trimmers: [] } })
  await sweepNames(recording, { inForce, signal: AbortSignal.timeout(60_000), onProgress: () => undefined })
}

/** Owners, tags, measures and tests, said once and then otherwise; facets that a child forwards. */
const labelled = ['one', 'two'].map((word, minute) => {
  const ownership = aFacet({ owners: [{ name: word }] })
  const tags = aFacet({ tags: [{ key: word, value: '' }] })
  const ofField = { key: word, value: '', field: word }
  const parent = {
    run: { runId: '00000000-0000-7000-8000-000000000006', facets: { tags } },
    job: { namespace: 'jobs', name: 'dag', facets: { tags } },
  }
  return received(
    aRunEvent({
      eventTime: `2026-11-22T12:0${minute}:00Z`,
      run: {
        runId: '00000000-0000-7000-8000-000000000007',
        facets: { tags, test: aFacet({ tests: [{ name: word, status: 'pass' }] }), parent: aFacet(parent) },
      },
      job: { namespace: 'jobs', name: 'labelled', facets: { ownership, tags } },
      inputs: [
        {
          namespace: 'db',
          name: 'labelled',
          facets: {
            ownership,
            tags: aFacet({ tags: [ofField, { key: word, value: '' }] }),
            dataQualityMetrics: aFacet({ columnMetrics: { [word]: { nullCount: 0 } } }),
          },
          inputFacets: {
            dataQualityAssertions: aFacet({
              assertions: [
                { assertion: word, success: true },
                { assertion: word, success: true, column: word },
              ],
            }),
          },
        },
      ],
    }),
  )
})

/** Every statement that merging these events runs, one merge an event. */
async function recordStatements(events: readonly ReceivedEvent[]): Promise<string[]> {
  const statements = new Set<string>()
  const record = (tx: GraphTransaction): GraphTransaction => ({
    run: async (statement, parameters) => {
      statements.add(statement)
      return await tx.run(statement, parameters)
    },
  })
  const recording: Graph = {
    ...graph,
    inWrite: (work) => graph.inWrite((tx) => work(record(tx))),
    inRead: (work) => graph.inRead((tx) => work(record(tx))),
  }
  for (const event of events) await merge(recording, event)
  await mergeUnderRules(recording)
  return [...statements].filter((statement) => !statement.startsWith('SHOW'))
}

async function merge(recording: Graph, event: ReceivedEvent): Promise<void> {
  const facts = emptyFacts()
  projectEvent(facts, event, { facetBytesMax: 262_144 })
  await mergeFacts(recording, facts)
}

/** What statements take that are not given rows: as it is when they run, so that it is planned as it runs. */
const parameters = {
  rows: [],
  runIds: [],
  names: [],
  kind: '',
  id: '',
  by: '',
  payload: '',
  at: '',
  newest: '',
  namespace: '',
  after: '',
  limit: neo4j.int(1),
}

describe('the statements of a merge', () => {
  let plans: { statement: string; operators: string[] }[]

  beforeAll(async () => {
    const events = [...fixtureEvents(), ...takenBack, ...explicit, ...linked, ...labelled]
    const statements = await recordStatements(events)
    plans = []
    for (const statement of statements)
      plans.push({ statement, operators: await planner.explain(statement, parameters) })
  }, 300_000)

  it('are all there', () => {
    expect(plans.length).toBeGreaterThan(110)
  })

  it('find what they touch by an index, never by a scan', () => {
    const scans = plans.filter(({ operators }) => operators.some((operator) => /Scan/.test(operator)))

    expect(scans.map(({ statement, operators }) => ({ statement, operators }))).toEqual([])
  })

  it('never look at what else an owner or a tag has', () => {
    const made = plans.filter(({ statement }) => /CREATE \(\w\)-\[x:(?:OWNS|TAGGED) \{key/.test(statement))
    const found = plans.filter(({ statement }) => /MATCH \(\)-\[x:(?:OWNS|TAGGED) \{key/.test(statement))

    expect(made).toHaveLength(6)
    expect(found).toHaveLength(2)
    for (const { operators } of made) expect(operators.join(' ')).not.toMatch(/Expand|LockingMerge/)
    for (const { operators } of found) expect(operators.join(' ')).toMatch(/RelationshipUniqueIndexSeek/)
  })

  it('find the edges of which several may join two datasets by their key', () => {
    const keyed = plans.filter(({ statement }) =>
      /MERGE \(\w+\)-\[\w:(?:FEEDS|INFLUENCES|PRECEDES|RENAMED_FROM|SAME_AS|PART_OF) \{key/.test(statement),
    )

    expect(keyed).toHaveLength(9)
    for (const { operators } of keyed) {
      expect(operators).toContain('DirectedRelationshipUniqueIndexSeek(Locking)')
    }
  })
})
