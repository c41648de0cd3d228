import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import type { Graph } from '../../src/graph/connection.ts'
import { cypher, type Statement } from '../../src/graph/cypher.ts'
import { migrateGraph } from '../../src/graph/migrate.ts'
import type { IdentityRules } from '../../src/identity/rules.ts'
import { putFirstRules } from '../../src/merge/put-rules.ts'
import { mergeEvents } from '../support/merge-events.ts'
import {
  createRuleBook,
  findRules,
  type RuleBook,
  type RulesInForce,
} from '../../src/merge/rules-in-force.ts'
import { RulesReplaced, sweepNames } from '../../src/merge/sweep-names.ts'
import type { RunEvent } from '../../src/openlineage/events.ts'
import type { ReceivedEvent } from '../../src/project/project-event.ts'
import { aDatasetEvent, aFacet, aRunEvent, fixtureEvents, received } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'
import { dumpBesideChanges, putSomeRules } from '../support/rules.ts'
import { mergeUntilDone, standingStillAt, standstillMs } from '../support/standing-still.ts'
import { anyHistory, worldRules } from '../support/small-world.ts'

/** Each run of the tests has others; ANY_ORDER_RUNS asks for more. */
const historiesMin = 12
const testMsMax = 600_000
/** Linking one name anew sends fewer statements; so does merging one event of a dataset, but for those that come after links. */
const statementsMax = 20

let graph: Graph

beforeAll(async () => {
  graph = connectTestGraph()
  await migrateGraph(graph, silent)
})

afterAll(async () => {
  await wipeGraph(graph)
  await graph.close()
})

async function query(statement: Statement): Promise<Record<string, unknown>[]> {
  return await graph.inRead((tx) => tx.run(statement))
}

/** Under these rules, the graph of the events. */
async function merged(
  events: readonly ReceivedEvent[],
  { rules = {}, batchSize = 100 }: { rules?: Partial<IdentityRules>; batchSize?: number } = {},
): Promise<void> {
  await wipeGraph(graph)
  await putSomeRules(graph, rules)
  await mergeInBatches(graph, events, batchSize)
}

async function sweep(inForce: RulesInForce, target = graph): Promise<number> {
  return await sweepNames(target, {
    inForce,
    signal: AbortSignal.timeout(testMsMax),
    onProgress: () => undefined,
  })
}

interface Move {
  n: number
  from: string
  to: string
  said?: Partial<RunEvent>
}

/** A run that read the one name in s3://lake and wrote the other. */
function aMove({ n, from, to, said = {} }: Move): ReceivedEvent {
  const runId = `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
  return received(
    aRunEvent({
      eventType: 'COMPLETE',
      run: { runId },
      job: { namespace: 'jobs', name: `move ${n}` },
      inputs: [{ namespace: 's3://lake', name: from }],
      outputs: [{ namespace: 's3://lake', name: to }],
      ...said,
    }),
  )
}

const linksStatement = cypher`
  MATCH (a)-[x:SAME_AS|PART_OF]->(b)
  WHERE a:Dataset OR a:Job
  RETURN a.namespace + ' ' + a.name + ' -' + type(x) + ':' + x.source + '-> ' + b.namespace + ' ' + b.name AS link
  ORDER BY link
`

async function links(): Promise<unknown[]> {
  return (await query(linksStatement)).map(({ link }) => link)
}

describe('a table of a thousand partitions', () => {
  const partitions = Array.from({ length: 1000 }, (_, n) => `sales/day=${n}`)

  it(
    'has a thousand PART_OF edges, and its partitions stay apart',
    async () => {
      const writes = partitions.map((to, n) => aMove({ n, from: `raw/${n % 10}.csv`, to }))
      const read = aMove({ n: 1001, from: 'sales', to: 'report' })

      await merged([...writes, read], { batchSize: 250 })

      const [edges] = await query(cypher`
        MATCH (p:Dataset)-[x:PART_OF]->(t:Dataset)
        RETURN count(x) AS edges, count(DISTINCT p) AS parts, collect(DISTINCT t.name) AS tables,
          collect(DISTINCT x.source) AS sources
      `)
      expect(edges).toEqual({ edges: 1000, parts: 1000, tables: ['sales'], sources: ['partitions'] })
      expect(await query(cypher`MATCH (:Dataset)-[x:SAME_AS]->() RETURN count(x) AS edges`)).toEqual([
        { edges: 0 },
      ])
      const reached = await query(cypher`
        MATCH (:Dataset {namespace: 's3://lake', name: 'raw/7.csv'})-[:FEEDS|SAME_AS|PART_OF*1..20]->(d:Dataset)
        RETURN count(DISTINCT d) AS datasets, count(DISTINCT CASE WHEN d.name STARTS WITH 'sales/' THEN d END) AS parts,
          max(CASE d.name WHEN 'report' THEN 1 ELSE 0 END) AS isReported
      `)
      // Its hundred partitions, the table and the report; none of the other nine hundred.
      expect(reached).toEqual([{ datasets: 102, parts: 100, isReported: 1 }])
    },
    testMsMax,
  )
})

describe('the Java client and the Python client', () => {
  it('meet at the name of the table', async () => {
    const outputCondition = { type: 'location', locations: ['sales/dt=2025-01-01'] }
    const java = aMove({
      n: 1,
      from: 'java.csv',
      to: 'sales',
      said: {
        outputs: [
          { namespace: 's3://lake', name: 'sales', outputFacets: { subset: aFacet({ outputCondition }) } },
        ],
      },
    })
    const python = aMove({ n: 2, from: 'python.csv', to: 'sales/dt=2025-01-02' })
    const reader = aMove({ n: 3, from: 'sales', to: 'report' })

    await merged([java, python, reader])

    const sources = await query(cypher`
      MATCH (:Dataset {namespace: 's3://lake', name: 'report'})<-[:FEEDS|SAME_AS|PART_OF*1..20]-(d:Dataset)
      WHERE NOT EXISTS { (d)<-[:FEEDS|PART_OF]-() }
      RETURN DISTINCT d.name AS name ORDER BY name
    `)
    expect(sources).toEqual([{ name: 'java.csv' }, { name: 'python.csv' }])
    expect(
      await query(cypher`MATCH (:Run)-[w:WROTE]->(:Dataset {name: 'sales'}) RETURN w.subsets AS subsets`),
    ).toEqual([{ subsets: ['sales/dt=2025-01-01'] }])
  })
})

describe('names that rules spell otherwise', () => {
  const rules = {
    hosts: [{ host: 'lake', aliases: ['lake.example.com'], schemes: ['s3'] }],
    jobs: [{ rule: 'attempts', namespaces: undefined, pattern: String.raw`_\d+$`, replacement: '' }],
  }

  it('are joined one behind the other, wherever an event names them', async () => {
    const named = received(
      aRunEvent({
        eventType: 'COMPLETE',
        run: {
          runId: '00000000-0000-7000-8000-000000000001',
          facets: {
            parent: aFacet({
              run: { runId: '00000000-0000-7000-8000-000000000002' },
              job: { namespace: 'jobs', name: 'app_17' },
            }),
          },
        },
        job: { namespace: 'jobs', name: 'app.load' },
        outputs: [
          {
            namespace: 's3://lake',
            name: 'report/',
            facets: {
              columnLineage: aFacet({
                fields: {
                  x: { inputFields: [{ namespace: 's3://lake.example.com', name: 't/dt=1/', field: 'x' }] },
                },
              }),
            },
          },
        ],
      }),
    )

    await merged([named], { rules })

    expect(await links()).toEqual([
      'jobs app -SAME_AS:attempts-> jobs app_17',
      'jobs app_17 -SAME_AS:attempts-> jobs app',
      's3://lake report -SAME_AS:trailingSlash-> s3://lake report/',
      's3://lake report/ -SAME_AS:trailingSlash-> s3://lake report',
      's3://lake t/dt=1 -PART_OF:partitions-> s3://lake t',
      's3://lake t/dt=1 -SAME_AS:hosts+trailingSlash-> s3://lake.example.com t/dt=1/',
      's3://lake.example.com t/dt=1/ -SAME_AS:hosts+trailingSlash-> s3://lake t/dt=1',
    ])
    // Names that nobody has used yet stand in their namespaces like any other, and are not seen.
    const unnamed = await query(cypher`
      MATCH (n)-[:IN]->(ns:Namespace) WHERE n.firstSeenAt IS NULL
      RETURN n.name AS name, ns.name AS namespace ORDER BY name
    `)
    expect(unnamed).toEqual([
      { name: 'app', namespace: 'jobs' },
      { name: 'report', namespace: 's3://lake' },
      { name: 't', namespace: 's3://lake' },
      { name: 't/dt=1', namespace: 's3://lake' },
    ])
  })

  it('are seen once an event uses them', async () => {
    const events = [
      received(aDatasetEvent({ dataset: { namespace: 's3://lake', name: 'a/' } })),
      received(
        aDatasetEvent({ eventTime: '2026-11-22T11:00:00Z', dataset: { namespace: 's3://lake', name: 'a' } }),
      ),
    ]

    await merged(events, { batchSize: 1 })

    expect(await query(cypher`MATCH (d:Dataset {name: 'a'}) RETURN toString(d.firstSeenAt) AS at`)).toEqual([
      { at: '2026-11-22T11:00:00Z' },
    ])
  })
})

describe('the first start', () => {
  it('puts rules in force, and no later one does', async () => {
    await wipeGraph(graph)
    const rules = (await putSomeRules(graph)).rules
    await wipeGraph(graph)

    const puts = await Promise.all(
      ['a', 'b', 'c'].map(async (by) => await putFirstRules(graph, { rules: { ...rules, hosts: [] }, by })),
    )

    expect(puts.filter(({ isPut }) => isPut)).toHaveLength(1)
    expect(new Set(puts.map(({ inForce }) => inForce.change.id)).size).toBe(1)
  })
})

describe('rules that are put in force', () => {
  it('stand in the log of changes; the newest count, though its clock is behind', async () => {
    await wipeGraph(graph)
    const first = await putSomeRules(graph)
    await graph.runAlone(cypher`MATCH (c:Change) SET c.at = datetime('2100-01-01T00:00:00Z')`)

    const second = await putSomeRules(graph, { partitions: { trimmers: [] } })

    const found = await graph.inRead((tx) => findRules(tx, createRuleBook()))
    expect(found?.change).toEqual({ id: second.change.id, at: '2100-01-01T00:00:00.000000001Z', by: 'test' })
    expect(found?.rules).toEqual(second.rules)
    expect(found?.key).not.toBe(first.key)
  })

  it('are not put in force again', async () => {
    await wipeGraph(graph)
    const first = await putSomeRules(graph)
    const again = await putSomeRules(graph)

    expect(again.change).toEqual(first.change)
  })
})

describe('rules that change', () => {
  const before: Partial<IdentityRules> = {
    hosts: [{ host: 'old', aliases: ['lake'], schemes: ['s3'] }],
    jobs: [{ rule: 'moves', namespaces: ['jobs'], pattern: ' .*$', replacement: '' }],
  }
  const after: Partial<IdentityRules> = {
    trailingSlash: { schemes: [] },
    hosts: [{ host: 'new', aliases: ['lake'], schemes: ['s3'] }],
    jobs: [{ rule: 'numbers', namespaces: undefined, pattern: String.raw`\d+$`, replacement: 'N' }],
  }
  const events = [
    aMove({ n: 1, from: 'raw/', to: 't/dt=1/' }),
    aMove({ n: 2, from: 'raw', to: 't/dt=2' }),
    aMove({ n: 3, from: 't', to: 'report' }),
  ]

  it(
    'join and part what they should, and leave nothing behind',
    async () => {
      await merged(events, { rules: after })
      const expected = await dumpBesideChanges(graph)
      await merged(events, { rules: before })

      const relinked = await sweep(await putSomeRules(graph, after))

      expect(relinked).toBeGreaterThan(0)
      expect(withoutEmptyNamespaces(await dumpBesideChanges(graph), expected)).toEqual(expected)
      expect(await sweep(await putSomeRules(graph, after))).toBe(0)
    },
    testMsMax,
  )

  it('link a node anew when it is merged next, and no other', async () => {
    await merged(events, { rules: before })
    const { key } = await putSomeRules(graph, after)

    await mergeInBatches(graph, [aMove({ n: 3, from: 't', to: 'report' })], 1)

    const linked = await graph.inRead((tx) =>
      tx.run(
        cypher`MATCH (d:Dataset {rulesKey: $key}) RETURN d.namespace + ' ' + d.name AS name ORDER BY name`,
        { key },
      ),
    )
    expect(linked.map(({ name }) => name)).toEqual([
      's3://lake report',
      's3://lake t',
      's3://new report',
      's3://new t',
    ])
  })

  it('are not linked under any more once others are in force', async () => {
    await merged(events, { rules: before })
    const inForce = await putSomeRules(graph, after)
    await putSomeRules(graph, before)

    // Everything is linked under the rules before, which are in force again.
    await expect(sweep(inForce)).rejects.toThrow(RulesReplaced)
  })

  it(
    'come to the same beside workers that go on merging, wherever the change falls',
    async () => {
      const all = [...fixtureEvents('spark/orders_etl', 'airflow/etl_with_datasets'), ...events]
      await merged(all, { rules: after })
      const expected = await dumpBesideChanges(graph)

      for (const pauseMs of [0, 150, 600]) {
        await merged([], { rules: before })
        const workers = [all.filter((_, n) => n % 2 === 0), all.filter((_, n) => n % 2 === 1)]
        const merging = workers.map(async (share) => await mergeInBatches(graph, share, 5))
        await pause(pauseMs)
        const swept = putSomeRules(graph, after).then(sweep)
        await Promise.all([...merging, swept])

        expect(withoutEmptyNamespaces(await dumpBesideChanges(graph), expected)).toEqual(expected)
      }
    },
    testMsMax,
  )

  it(
    'come to the same for any history of a small world',
    async () => {
      await fc.assert(
        fc.asyncProperty(anyHistory, async (history) => {
          const some = history.map((event) => received(event))
          await merged(some, { rules: worldRules })
          const expected = await dumpBesideChanges(graph)
          await merged(some.slice(0, 4), { rules: before })
          const inForce = await putSomeRules(graph, worldRules)
          await mergeInBatches(graph, some.slice(2), 2)
          await sweep(inForce)

          expect(withoutEmptyNamespaces(await dumpBesideChanges(graph), expected)).toEqual(expected)
        }),
        { numRuns: Number(process.env['ANY_ORDER_RUNS'] ?? historiesMin) },
      )
    },
    testMsMax,
  )
})

function about(name: string): ReceivedEvent {
  return received(aDatasetEvent({ dataset: { namespace: 's3://lake', name } }))
}

describe('a batch whose names are linked', () => {
  it('sends what it would send without rules, and locks no more', async () => {
    const event = aMove({ n: 1, from: 'raw/', to: 't/dt=1/' })
    await wipeGraph(graph)
    await mergeInBatches(graph, [event], 1)
    const withoutRules = await statementsOf(event, createRuleBook())
    await putSomeRules(graph)
    const book = createRuleBook()
    await statementsOf(event, book)

    const withRules = await statementsOf(event, book)

    expect(withRules.filter((statement) => !withoutRules.includes(statement))).toEqual([])
    expect(withRules).toHaveLength(withoutRules.length)
    expect(withRules.filter((statement) => statement.includes(':Change'))).toHaveLength(1)
  })
})

/** What merging an event sends, each statement with the number of its rows. */
async function statementsOf(event: ReceivedEvent, ruleBook: RuleBook): Promise<string[]> {
  const sent: string[] = []
  const recording: Graph = {
    ...graph,
    inWrite: (work) =>
      graph.inWrite((tx) =>
        work({
          run: async (statement, parameters = {}) => {
            const rows = Object.values(parameters).find((value) => Array.isArray(value))
            sent.push(`${rows?.length ?? 0} rows: ${statement}`)
            return await tx.run(statement, parameters)
          },
        }),
      ),
  }
  await mergeEvents(recording, [event], { facetBytesMax: 262_144, ruleBook })
  return sent
}

describe('a name that nobody has used, and whose last link goes', () => {
  const before: Partial<IdentityRules> = { partitions: { trimmers: ['KeyValueTrimmer', 'DateTrimmer'] } }
  const after: Partial<IdentityRules> = { partitions: { trimmers: ['DateTrimmer'] } }
  const parted = about('t/a=1')

  it.each([
    ['an event uses it', about('t')],
    ['another name is linked to it', about('t/2025-01-01')],
  ])(
    'stays where at that moment %s, wherever one of the two stands still',
    async (_, event) => {
      await merged([parted, event], { rules: after })
      const expected = await dumpBesideChanges(graph)

      for (let statement = 0; statement < statementsMax; statement++) {
        for (const isSweepSlow of [true, false]) {
          await merged([parted], { rules: before })
          const inForce = await putSomeRules(graph, after)
          const slow = standingStillAt(graph, statement)
          const [sweeping, merging] = isSweepSlow ? [slow, graph] : [graph, slow]
          const first = isSweepSlow ? sweep(inForce, sweeping) : mergeUntilDone(merging, [event])
          await pause(standstillMs / 4)
          await (isSweepSlow ? mergeUntilDone(merging, [event]) : sweep(inForce, sweeping))
          await first

          expect({ statement, isSweepSlow, graph: await dumpBesideChanges(graph) }).toEqual({
            statement,
            isSweepSlow,
            graph: expected,
          })
        }
      }
    },
    testMsMax,
  )

  it('goes', async () => {
    await merged([parted], { rules: before })
    await sweep(await putSomeRules(graph, after))

    expect(await query(cypher`MATCH (d:Dataset) RETURN d.name AS name`)).toEqual([{ name: 't/a=1' }])
  })
})

/** A namespace stays when its last name has gone: it says nothing of its own. */
function withoutEmptyNamespaces(dump: readonly string[], expected: readonly string[]): string[] {
  const isKnown = new Set(expected)
  return dump.filter((line) => !line.startsWith('(Namespace ') || isKnown.has(line) || line.includes('-IN->'))
}
