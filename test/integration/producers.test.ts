import neo4j from 'neo4j-driver'
import type { LineageEvent, RunEvent } from '../../src/openlineage/events.ts'
import { isRunEvent } from '../../src/openlineage/events.ts'
import * as statements from '../../src/read/producer-statements.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { aDatasetEvent, aFacet, aRunEvent, aSchema, fixtureEvents, received } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { mergeInBatches } from '../support/graph.ts'
import { connectPlanner, type Planner } from '../support/plans.ts'

let collector: Collector

beforeAll(async () => {
  collector = await startCollector()
})

beforeEach(async () => {
  await wipeGraph(collector.graph)
})

afterAll(async () => {
  await wipeGraph(collector.graph)
  await collector.close()
})

interface Entry {
  name: string
  version: string | null
  events: number
  eventsWithWarnings: number
  warnings: { kind: string; events: number; example: string }[]
  runs: Record<string, number>
  outputs: Record<string, number>
  deadLetters: { kind: string; letters: number }[]
}

async function report(query = 'from=2026-11-01&to=2026-12-31&unended=0m'): Promise<Entry[]> {
  const { status, body } = await collector.ask('GET', `/api/v2/producers?${query}`)
  expect(status).toBe(200)
  return body['producers'] as Entry[]
}

const spark = 'https://github.com/OpenLineage/OpenLineage/tree/1.53.0/integration/spark'
const runIdOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`

function aRun(n: number, eventType: 'START' | 'COMPLETE' | 'FAIL' | 'RUNNING', said: Partial<RunEvent> = {}) {
  const { run, ...rest } = said
  return aRunEvent({
    eventType,
    producer: spark,
    run: { runId: runIdOf(n), ...run },
    eventTime: `2026-11-22T10:0${['START', 'RUNNING', 'COMPLETE', 'FAIL'].indexOf(eventType)}:00Z`,
    ...rest,
  })
}

async function merge(...events: LineageEvent[]): Promise<void> {
  await mergeInBatches(
    collector.graph,
    events.map((event) => received(event)),
    50,
  )
}

describe('the producer report', () => {
  it('counts runs without an end, but not those of streams and services', async () => {
    const streaming = { jobType: aFacet({ processingType: 'STREAMING', integration: 'SPARK' }) }
    await merge(
      aRun(1, 'START'),
      aRun(2, 'START'),
      aRun(2, 'COMPLETE'),
      aRun(3, 'RUNNING'),
      aRun(4, 'FAIL'),
      aRun(5, 'START', { job: { namespace: 'jobs', name: 'stream', facets: streaming } }),
    )

    const [entry] = await report()

    expect(entry).toMatchObject({
      name: 'OpenLineage/OpenLineage integration/spark',
      version: '1.53.0',
      events: 6,
      runs: { seen: 5, completed: 1, withoutEnd: 2 },
    })
  })

  it('waits for an end as long as it is told', async () => {
    const eventTime = new Date(Date.now() - 2 * 3_600_000).toISOString()
    await merge(aRun(1, 'START', { eventTime }))

    const [asked] = await report('unended=1h')
    const [byDefault] = await report('from=24h')

    expect([asked?.runs['withoutEnd'], byDefault?.runs['withoutEnd']]).toEqual([1, 0])
  })

  it('counts runs that completed and never began, though they began before the window', async () => {
    await merge(aRun(1, 'START'), aRun(1, 'COMPLETE'), aRun(2, 'COMPLETE'), aRun(3, 'FAIL'))

    const [entry] = await report('from=2026-11-22T10:01:00Z&to=2026-12-31')

    expect(entry).toMatchObject({ events: 3, runs: { seen: 3, completed: 2, completeWithoutStart: 1 } })
  })

  it('counts runs whose parent nobody has described', async () => {
    const childOf = (n: number) => ({
      parent: aFacet({ run: { runId: runIdOf(n) }, job: { namespace: 'jobs', name: 'parent' } }),
    })
    await merge(
      aRun(1, 'START', { run: { runId: runIdOf(1), facets: childOf(90) } }),
      aRun(1, 'COMPLETE', { run: { runId: runIdOf(1), facets: childOf(90) } }),
      aRun(2, 'START', { run: { runId: runIdOf(2), facets: childOf(3) } }),
      aRun(3, 'START'),
    )

    const [entry] = await report()

    expect(entry?.runs['missingParent']).toBe(1)
  })

  it('counts what completed runs wrote, with schema and with column lineage', async () => {
    const columnLineage = {
      columnLineage: aFacet({
        fields: { x: { inputFields: [{ namespace: 'db', name: 'a', field: 'x' }] } },
      }),
    }
    const drop = { lifecycleStateChange: aFacet({ lifecycleStateChange: 'DROP' }) }
    const source = { type: 'DATASET', namespace: 'db', name: 'a' }
    const explained = { x: { inputs: [{ ...source, field: 'x' }] } }
    const lineage = {
      lineage: aFacet({
        entries: [
          { type: 'DATASET', namespace: 'db', name: 'g', fields: explained },
          { type: 'DATASET', namespace: 'db', name: 'h', inputs: [source] },
        ],
      }),
    }
    await merge(
      aRun(3, 'COMPLETE', {
        job: { namespace: 'jobs', name: 'explicit', facets: lineage },
        outputs: [
          { namespace: 'db', name: 'g' },
          { namespace: 'db', name: 'h' },
        ],
      }),
      aRun(1, 'COMPLETE', {
        inputs: [{ namespace: 'db', name: 'a' }],
        outputs: [
          { namespace: 'db', name: 'b', facets: { ...aSchema('x'), ...columnLineage } },
          { namespace: 'db', name: 'c', facets: aSchema('x') },
          { namespace: 'db', name: 'd' },
          { namespace: 'db', name: 'e', facets: drop },
        ],
      }),
      aRun(2, 'FAIL', { outputs: [{ namespace: 'db', name: 'f' }] }),
    )

    const [entry] = await report()

    expect(entry?.outputs).toEqual({ written: 5, withSchema: 2, withColumnLineage: 2 })
  })

  it('keeps versions apart, and puts the URIs of one together', async () => {
    const python = 'https://github.com/OpenLineage/OpenLineage/tree/1.27.0/client/python'
    await merge(
      aRun(1, 'START'),
      aRun(2, 'START', { producer: spark.replace('1.53.0', '1.52.0') }),
      aRun(3, 'START', { producer: `${spark}/` }),
      aDatasetEvent({ producer: python }),
    )

    const entries = await report()
    const [filtered, ...others] = await report('from=2026-11-01&to=2026-12-31&producer=CLIENT/python')

    expect(entries.map(({ name, version, events }) => [name, version, events])).toEqual([
      ['OpenLineage/OpenLineage integration/spark', '1.53.0', 2],
      ['OpenLineage/OpenLineage client/python', '1.27.0', 1],
      ['OpenLineage/OpenLineage integration/spark', '1.52.0', 1],
    ])
    expect([filtered?.name, others]).toEqual(['OpenLineage/OpenLineage client/python', []])
  })

  it('counts warnings by kind, and dead letters, of what came in over HTTP', async () => {
    const odd = JSON.stringify(aRun(1, 'START', { eventTime: '2026-11-22T10:00:00', schemaURL: 'none' }))
    const ahead = JSON.stringify(
      aRun(2, 'START', { eventTime: new Date(Date.now() + 72 * 3_600_000).toISOString() }),
    )
    const { body } = await collector.post(odd)
    await collector.post(ahead)
    await collector.merged([String(body['id'])])
    await eventually(async () => (await collector.deadLetters.count()) === 1)

    const [entry] = await report()

    expect(entry).toMatchObject({
      events: 1,
      eventsWithWarnings: 1,
      warnings: [
        { kind: 'SCHEMA_URL_NO_URI', events: 1, example: body['id'] },
        { kind: 'TIME_WITHOUT_ZONE', events: 1, example: body['id'] },
      ],
      deadLetters: [{ kind: 'EVENT_AHEAD', letters: 1 }],
    })
    await collector.ask('POST', '/api/v2/dead-letters/drop', JSON.stringify({ all: true }))
  })

  it('agrees with a count by hand over the real events of Airflow and Spark', async () => {
    const events = fixtureEvents('airflow', 'spark')
    await mergeInBatches(collector.graph, events, 100)

    const entries = await report()
    for (const { runs } of entries) delete runs['example']

    expect(
      entries.map(({ name, version, events: count, runs, outputs }) => ({
        name,
        version,
        count,
        runs,
        outputs,
      })),
    ).toEqual(countByHand(events.map(({ event }) => event)))
  }, 120_000)

  it('says that it reads nothing where nothing is', async () => {
    expect(await report()).toEqual([])
  })
})

describe('the statements of the report', () => {
  let planner: Planner
  beforeAll(() => {
    planner = connectPlanner()
  })
  afterAll(async () => {
    await planner.close()
  })

  it.each(Object.entries(statements))(
    'find what they read by an index, and sort no window: %s',
    async (_name, statement) => {
      const operators = await planner.explain(statement, {
        from: null,
        to: null,
        before: null,
        eventsMax: neo4j.int(1),
        runsMax: neo4j.int(1),
        keys: [],
      })

      expect(operators.filter((operator) => /Scan/.test(operator))).toEqual([])
      expect(operators.some((operator) => /IndexSeek/.test(operator))).toBe(true)
      // The newest events come first out of the index: a window of a million is not sorted for its newest.
      const sorts = operators.filter((operator) => /^(?:Sort|Top|PartialTop)/.test(operator))
      expect(sorts).toEqual(statement.includes('r.startedAt DESC') ? ['Top'] : [])
    },
  )
})

/** The same figures, from the events alone. */
function countByHand(events: readonly LineageEvent[]) {
  const runEvents = events.filter(isRunEvent)
  const typesOf = new Map<string, Set<string>>()
  for (const { run, eventType = 'OTHER' } of runEvents) {
    typesOf.set(run.runId, (typesOf.get(run.runId) ?? new Set()).add(eventType))
  }
  return [...new Set(events.map(({ producer }) => producer))]
    .map((producer) => {
      const own = runEvents.filter((event) => event.producer === producer)
      const runIds = [...new Set(own.map(({ run }) => run.runId))]
      const completed = runIds.filter((runId) => hasSome(typesOf, runId, 'COMPLETE'))
      const clean = completed.filter((runId) => !hasSome(typesOf, runId, 'FAIL', 'ABORT'))
      const outputs = clean.flatMap((runId) => outputsByHand(own.filter(({ run }) => run.runId === runId)))
      const isSpark = producer.includes('spark')
      return {
        name: isSpark ? 'OpenLineage/OpenLineage integration/spark' : 'apache/airflow providers-openlineage',
        version: isSpark ? '1.53.0' : '2.20.3',
        count: events.filter((event) => event.producer === producer).length,
        runs: {
          seen: runIds.length,
          completed: completed.length,
          withoutEnd: runIds.filter((runId) => !hasSome(typesOf, runId, 'COMPLETE', 'FAIL', 'ABORT')).length,
          completeWithoutStart: completed.filter((runId) => !hasSome(typesOf, runId, 'START')).length,
          missingParent: runIds.filter((runId) => isOrphan(runId, own, typesOf)).length,
        },
        outputs: {
          written: outputs.length,
          withSchema: outputs.filter(({ hasSchema }) => hasSchema).length,
          withColumnLineage: outputs.filter(({ hasColumns }) => hasColumns).length,
        },
      }
    })
    .toSorted((a, b) => b.count - a.count)
}

function hasSome(
  typesOf: ReadonlyMap<string, ReadonlySet<string>>,
  runId: string,
  ...types: string[]
): boolean {
  return types.some((type) => typesOf.get(runId)?.has(type))
}

function isOrphan(
  runId: string,
  events: readonly RunEvent[],
  typesOf: ReadonlyMap<string, unknown>,
): boolean {
  const parents = events
    .filter(({ run }) => run.runId === runId)
    .map(({ run }) => (run.facets?.['parent'] as { run: { runId: string } } | undefined)?.run.runId)
  const parent = parents.findLast((id) => id !== undefined)
  return parent !== undefined && parent !== runId && !typesOf.has(parent)
}

/** What one run wrote, but for what it dropped; the newest word on a schema counts. */
function outputsByHand(events: readonly RunEvent[]): { hasSchema: boolean; hasColumns: boolean }[] {
  const inTime = events.toSorted((a, b) => (a.eventTime < b.eventTime ? -1 : 1))
  const newest = new Map<string, Record<string, unknown>>()
  for (const { outputs = [] } of inTime) {
    for (const { namespace, name, facets = {} } of outputs) {
      const key = JSON.stringify([namespace, name])
      newest.set(key, { ...newest.get(key), ...facets })
    }
  }
  return [...newest.values()].flatMap((facets) => {
    const change = facets['lifecycleStateChange'] as { lifecycleStateChange: string } | undefined
    if (change?.lifecycleStateChange === 'DROP') return []
    const fields = (facets['schema'] as { fields?: unknown[] } | undefined)?.fields ?? []
    const columns = facets['columnLineage'] as { fields: object; dataset?: unknown[] } | undefined
    const hasColumns =
      columns !== undefined && (Object.keys(columns.fields).length > 0 || (columns.dataset ?? []).length > 0)
    return [{ hasSchema: fields.length > 0, hasColumns }]
  })
}
