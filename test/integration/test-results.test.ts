import type { Graph } from '../../src/graph/connection.ts'
import { cypher, type Statement } from '../../src/graph/cypher.ts'
import { prepareGraph } from '../../src/graph/prepare-graph.ts'
import type { Facets, LineageEvent } from '../../src/openlineage/events.ts'
import { aFacet, aRunEvent, received } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'

let graph: Graph

beforeAll(async () => {
  graph = connectTestGraph()
  await prepareGraph(graph, silent)
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

function asserting(minute: number, assertions: Facets[], runId = 'r'): LineageEvent {
  return aRunEvent({
    eventTime: `2026-11-22T10:0${minute}:00Z`,
    run: { runId },
    inputs: [
      {
        namespace: 'db',
        name: 'orders',
        inputFacets: { dataQualityAssertions: aFacet({ assertions }) },
      },
    ],
  })
}

function testing(minute: number, facets: Facets): LineageEvent {
  return aRunEvent({ eventTime: `2026-11-22T10:0${minute}:00Z`, run: { runId: 'r', facets } })
}

const results = cypher`
  MATCH (r:Run)-[:REPORTED]->(t:TestResult)
  OPTIONAL MATCH (t)-[:CHECKS]->(target)
  RETURN r.runId AS run, t.name AS name, t.status AS status, toString(t.checkedAt) AS at,
    labels(target)[0] AS checks, target.name AS target
  ORDER BY run, name, target
`
const at = (minute: number) => `2026-11-22T10:0${minute}:00Z`
const orders = { checks: 'Dataset', target: 'orders' }

describe('the assertions of a run about what it reads', () => {
  it('check the dataset, or the field that they name, which need not be known', async () => {
    await merge(
      asserting(0, [
        { assertion: 'row_count', success: false, severity: 'warn', expected: '1000', actual: '999' },
        { assertion: 'not_null', success: true, column: 'id', name: 'ids are there' },
      ]),
    )

    expect(await ask(results)).toEqual([
      { run: 'r', name: 'ids are there', status: 'pass', at: at(0), checks: 'Field', target: 'id' },
      { run: 'r', name: 'row_count', status: 'fail', at: at(0), ...orders },
    ])
    expect(
      await ask(
        cypher`MATCH (t:TestResult {status: 'fail'}) RETURN t.severity AS severity, t.type AS type, t.expected AS expected, t.actual AS actual`,
      ),
    ).toEqual([{ severity: 'warn', type: 'row_count', expected: '1000', actual: '999' }])
    expect(await ask(cypher`MATCH (:Dataset)-[:HAS_FIELD]->(f:Field) RETURN f.name AS name`)).toEqual([
      { name: 'id' },
    ])
  })

  it('are those of its newest facet, whatever came last', async () => {
    await merge(
      asserting(1, [
        { assertion: 'unique', success: true },
        { assertion: 'not_null', success: true },
      ]),
      asserting(2, [{ assertion: 'unique', success: false }]),
      asserting(0, [{ assertion: 'freshness', success: true }]),
    )

    expect(await ask(results)).toEqual([{ run: 'r', name: 'unique', status: 'fail', at: at(2), ...orders }])
  })

  it('were checked when they were last said', async () => {
    await merge(
      asserting(2, [{ assertion: 'unique', success: true }]),
      asserting(1, [{ assertion: 'unique', success: true }]),
    )
    expect(await ask(results)).toMatchObject([{ at: at(2) }])

    await merge(asserting(3, [{ assertion: 'unique', success: true }]))
    expect(await ask(results)).toMatchObject([{ at: at(3) }])
  })

  it('are its own: those of other runs stay', async () => {
    await merge(asserting(0, [{ assertion: 'unique', success: false }], 'a'))
    await merge(asserting(1, [{ assertion: 'unique', success: true }], 'b'))
    await merge(asserting(2, [], 'b'))

    expect(await ask(results)).toEqual([{ run: 'a', name: 'unique', status: 'fail', at: at(0), ...orders }])
  })

  it('show the failure where two have one name', async () => {
    await merge(
      asserting(0, [
        { assertion: 'accepted_values', success: false, column: 'status', actual: 'first' },
        { assertion: 'accepted_values', success: true, column: 'status' },
      ]),
    )

    expect(await ask(results)).toMatchObject([{ status: 'fail' }])
  })

  it('check the dataset where the column can have no node', async () => {
    const column = 'x'.repeat(10_000)
    await merge(asserting(0, [{ assertion: 'unique', success: true, column }]))

    expect(await ask(results)).toMatchObject([orders])
  })
})

const tests = (...names: string[]) => ({
  test: aFacet({ tests: names.map((name) => ({ name, status: 'skip' })) }),
})

describe('the test facet of a run', () => {
  it('reports results that check nothing, beside those of assertions', async () => {
    await merge(asserting(0, [{ assertion: 'unique', success: true }]))
    await merge(
      testing(1, { test: aFacet({ tests: [{ name: 'unique', status: 'fail', severity: 'error' }] }) }),
    )

    expect(await ask(results)).toEqual([
      { run: 'r', name: 'unique', status: 'pass', at: at(0), ...orders },
      { run: 'r', name: 'unique', status: 'fail', at: at(1), checks: null, target: null },
    ])
  })

  it('is replaced as a whole by a newer one', async () => {
    await merge(testing(0, tests('a', 'b')), testing(2, tests('b')), testing(1, tests('c')))

    expect(await ask(results)).toMatchObject([{ name: 'b', status: 'skip', at: at(2) }])
  })
})

const measured = (minute: number, rowCount: number, columnMetrics: Facets) =>
  aRunEvent({
    eventTime: at(minute),
    outputs: [
      {
        namespace: 'db',
        name: 'orders',
        facets: { dataQualityMetrics: aFacet({ rowCount, columnMetrics }) },
      },
    ],
  })

describe('what was measured of a dataset', () => {
  it('stands on it and on its fields, as its newest facet says', async () => {
    await merge(
      measured(1, 20, { id: { nullCount: 1, max: 7, quantiles: { '0.5': 3.5 } } }),
      measured(0, 10, { amount: { nullCount: 5 } }),
      measured(2, 30, { id: { nullCount: 2 } }),
    )

    expect(
      await ask(cypher`
        MATCH (d:Dataset)-[:HAS_FIELD]->(f:Field)
        RETURN d.measuredRowCount AS rows, f.name AS name, f.nullCount AS nulls, f.max AS max, f.quantiles AS quantiles ORDER BY name
      `),
    ).toEqual([
      { rows: 30, name: 'amount', nulls: null, max: null, quantiles: null },
      { rows: 30, name: 'id', nulls: 2, max: null, quantiles: null },
    ])
  })
})
