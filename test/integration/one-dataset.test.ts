import type { Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { migrateGraph } from '../../src/graph/migrate.ts'
import { mergeEvents } from '../support/merge-events.ts'
import { lockDatasets } from '../../src/merge/lock-nodes.ts'
import { mergeLinks } from '../../src/merge/write-links.ts'
import type { Facets } from '../../src/openlineage/events.ts'
import { toEntityKey, type EntityName } from '../../src/openlineage/keys.ts'
import type { IdentityLink } from '../../src/project/identity-links.ts'
import type { ReceivedEvent } from '../../src/project/project-event.ts'
import { aDatasetEvent, aFacet, aRunEvent, aSchema, fixtureEvents, received } from '../support/events.ts'
import { dumpGraph, wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'

/** Merging real events makes a first plan of each statement. */
const fixturesMsMax = 300_000

let graph: Graph

beforeAll(async () => {
  graph = connectTestGraph()
  await migrateGraph(graph, silent)
})

beforeEach(() => wipeGraph(graph))

afterAll(async () => {
  await wipeGraph(graph)
  await graph.close()
})

const path = { namespace: 's3://bucket', name: 'warehouse/sales.db/orders' }
const table = { namespace: 's3://bucket/warehouse', name: 'sales.orders' }
const other = { namespace: 'hive://metastore:9083', name: 'sales.orders' }

function at(minute: number): string {
  return `2026-11-22T10:${String(minute).padStart(2, '0')}:00Z`
}

/** A DatasetEvent, as one batch. */
function said(
  minute: number,
  dataset: EntityName,
  facets: Facets,
  brokenFacets: string[] = [],
): ReceivedEvent {
  return received(aDatasetEvent({ eventTime: at(minute), dataset: { ...dataset, facets } }), { brokenFacets })
}

function symlinks(...names: (EntityName & { type?: string })[]): Facets {
  return { symlinks: aFacet({ identifiers: names.map((name) => ({ type: 'TABLE', ...name })) }) }
}

/** Column lineage of one field, from one source. */
function columnLineage(field: string, source: EntityName, of: string): Facets {
  return { columnLineage: aFacet({ fields: { [field]: { inputFields: [{ ...source, field: of }] } } }) }
}

/** Merges the events one by one, in the order of arrival. */
async function merge(...events: ReceivedEvent[]): Promise<void> {
  await mergeInBatches(graph, events, 1)
}

/** The links between datasets: from, to, source and type. */
async function findLinks(): Promise<string[]> {
  const rows = await graph.inRead((tx) =>
    tx.run(cypher`
      MATCH (a:Dataset)-[x:SAME_AS|PART_OF]->(b:Dataset)
      RETURN a.namespace + '|' + a.name + ' ' + type(x) + ' ' + b.namespace + '|' + b.name + ' ' + x.source
        + coalesce(' ' + x.type, '') AS link
    `),
  )
  return rows.map(({ link }) => String(link)).toSorted()
}

async function findFieldPairs(): Promise<string[]> {
  const rows = await graph.inRead((tx) =>
    tx.run(cypher`
      MATCH (f:Field)-[:SAME_AS]->(g:Field)
      RETURN f.dataset + '.' + f.name + ' ' + g.dataset + '.' + g.name AS pair
    `),
  )
  return rows.map(({ pair }) => String(pair)).toSorted()
}

/** What each dataset reaches, along the arrows and against them, itself among it. */
async function findReach(): Promise<Set<string>[]> {
  const rows = await graph.inRead(async (tx) => [
    ...(await tx.run(cypher`
      MATCH (d:Dataset)
      RETURN COLLECT { MATCH (d)-[:FEEDS|SAME_AS*0..20]->(x:Dataset) RETURN DISTINCT x.namespace + '|' + x.name } AS reached
    `)),
    ...(await tx.run(cypher`
      MATCH (d:Dataset)
      RETURN COLLECT { MATCH (d)<-[:FEEDS|SAME_AS*0..20]-(x:Dataset) RETURN DISTINCT x.namespace + '|' + x.name } AS reached
    `)),
  ])
  return rows.map(({ reached }) => new Set(Array.isArray(reached) ? reached.map(String) : []))
}

/** The statements of one merge. */
async function record(...events: ReceivedEvent[]): Promise<string[]> {
  const statements: string[] = []
  const recording: Graph = {
    ...graph,
    inWrite: (work) =>
      graph.inWrite((tx) =>
        work({
          run: async (statement, parameters) => {
            statements.push(statement)
            return await tx.run(statement, parameters)
          },
        }),
      ),
  }
  await mergeEvents(recording, events, { facetBytesMax: 262_144 })
  return statements
}

/** A run of its own that writes the path. */
function load(minute: number, facets: Facets): ReceivedEvent {
  return received(
    aRunEvent({
      eventTime: at(minute),
      eventType: 'COMPLETE',
      run: { runId: `01a2043f-874b-7c7f-8370-8edc845368${minute}` },
      outputs: [{ ...path, facets: { ...aSchema('id'), ...facets } }],
    }),
  )
}

const bothWays = [
  's3://bucket/warehouse|sales.orders SAME_AS s3://bucket|warehouse/sales.db/orders SYMLINK TABLE',
  's3://bucket|warehouse/sales.db/orders SAME_AS s3://bucket/warehouse|sales.orders SYMLINK TABLE',
]

describe('a symlink', () => {
  it('joins two names both ways, the other of which nothing has described', async () => {
    await merge(said(1, path, symlinks(table)))

    expect(await findLinks()).toEqual(bothWays)
    const [row] = await graph.inRead((tx) =>
      tx.run(cypher`
        MATCH (d:Dataset {name: 'sales.orders'})-[:IN]->(n:Namespace)
        RETURN n.name AS namespace, d.firstSeenAt IS NOT NULL AS isSeen
      `),
    )
    expect(row).toEqual({ namespace: table.namespace, isSeen: true })
  })

  it('is known from inputs and outputs of runs', async () => {
    const facets = symlinks(table)
    await merge(
      received(
        aRunEvent({ inputs: [{ ...path, facets }], outputs: [{ ...other, facets: symlinks(table) }] }),
      ),
    )

    expect(await findLinks()).toHaveLength(4)
  })

  it('goes when a newer facet lacks it, and stays gone when an older one arrives late', async () => {
    await merge(said(2, path, symlinks(table)), said(3, path, symlinks(other)))
    const links = await findLinks()
    expect(links).toHaveLength(2)
    expect(links.filter((link) => link.includes('hive://'))).toHaveLength(2)

    await merge(said(1, path, symlinks(table)))
    expect(await findLinks()).toEqual(links)
  })

  it('goes with a facet that is deleted, or that breaks its schema', async () => {
    await merge(said(1, path, symlinks(table)), said(2, path, { symlinks: { _deleted: true } }))
    expect(await findLinks()).toEqual([])

    await merge(said(3, path, symlinks(table)))
    expect(await findLinks()).toEqual(bothWays)

    await merge(said(4, path, symlinks(other), ['#/dataset/facets/symlinks']))
    expect(await findLinks()).toEqual([])
  })

  it('stays while the other side states it, with the type that each side gives', async () => {
    await merge(said(1, path, symlinks(table)), said(1, table, symlinks({ ...path, type: 'LOCATION' })))
    expect(await findLinks()).toEqual([bothWays[0]?.replace('TABLE', 'LOCATION'), bothWays[1]])

    await merge(said(2, path, symlinks()))
    expect(await findLinks()).toEqual(bothWays.map((link) => link.replace('TABLE', 'LOCATION')))

    await merge(said(2, table, symlinks()))
    expect(await findLinks()).toEqual([])
  })

  it('is left out where a name can have no node, or is the own one', async () => {
    await merge(
      said(1, path, symlinks(path, { namespace: '', name: 'x' }, { namespace: 'n', name: 'x'.repeat(5000) })),
    )

    expect(await findLinks()).toEqual([])
  })
})

describe('the names of datasets that stay the same', () => {
  it('cost no statement more, in datasets with and without other names', async () => {
    const before = await record(load(10, {}))
    const without = await record(load(11, {}))
    await merge(load(12, symlinks(table)))
    const aliased = await record(load(13, symlinks(table)))

    expect(before.filter((statement) => statement.includes('SAME_AS'))).toHaveLength(1)
    expect(aliased).toEqual(without)
  })
})

describe('the columns of two names of one dataset', () => {
  const pairs = [
    'sales.orders.id warehouse/sales.db/orders.id',
    'warehouse/sales.db/orders.id sales.orders.id',
  ]
  const joining = said(1, path, symlinks(table))
  const [ofPath, ofTable] = [said(2, path, aSchema('id', 'a')), said(2, table, aSchema('id', 'b'))]

  it.each([
    ['last', [ofPath, ofTable, joining]],
    ['first', [joining, ofPath, ofTable]],
    ['between', [ofTable, joining, ofPath]],
  ])('are joined by their name, where the symlink comes %s', async (_, events) => {
    await merge(...events)

    expect(await findFieldPairs()).toEqual(pairs)
  })

  it('are parted with the names, and not before all links of the two are gone', async () => {
    const catalog = aFacet({
      framework: 'hive',
      type: 'hive',
      name: 'default',
      warehouseUri: 's3://bucket/warehouse',
    })
    await merge(joining, ofPath, ofTable, said(3, path, { catalog }), said(4, path, symlinks()))
    expect(await findFieldPairs()).toEqual(pairs)

    await merge(said(5, path, { catalog: { _deleted: true } }))
    expect(await findFieldPairs()).toEqual([])
    expect(await findLinks()).toEqual([])
  })

  it('join a walk through column lineage that names the symlink', async () => {
    const [raw, report] = [
      { namespace: 'db', name: 'raw' },
      { namespace: 'db', name: 'report' },
    ]
    await merge(
      received(
        aRunEvent({
          eventType: 'COMPLETE',
          job: { namespace: 'jobs', name: 'load' },
          inputs: [raw],
          outputs: [
            { ...path, facets: { ...symlinks(table), ...aSchema('id'), ...columnLineage('id', raw, 'key') } },
          ],
        }),
      ),
      received(
        aRunEvent({
          eventType: 'COMPLETE',
          run: { runId: '01a2043f-874b-7c7f-8370-8edc84536800' },
          job: { namespace: 'jobs', name: 'report' },
          inputs: [path],
          outputs: [{ ...report, facets: columnLineage('who', table, 'id') }],
        }),
      ),
    )

    const columns = await graph.inRead((tx) =>
      tx.run(cypher`
        MATCH (:Field {namespace: 'db', dataset: 'raw', name: 'key'})-[:FEEDS|SAME_AS*1..20]->(f:Field)
        RETURN DISTINCT f.dataset AS dataset, f.name AS name ORDER BY dataset
      `),
    )
    expect(columns).toEqual([
      { dataset: 'report', name: 'who' },
      { dataset: 'sales.orders', name: 'id' },
      { dataset: 'warehouse/sales.db/orders', name: 'id' },
    ])
    const datasets = await graph.inRead((tx) =>
      tx.run(cypher`
        MATCH (:Dataset {namespace: 'db', name: 'report'})<-[:FEEDS|SAME_AS*1..20]-(d:Dataset)
        RETURN DISTINCT d.name AS name ORDER BY name
      `),
    )
    expect(datasets.map(({ name }) => name)).toEqual(['raw', 'sales.orders', 'warehouse/sales.db/orders'])
  })
})

describe('the names of a table in the real Spark events', () => {
  const hiveCopy = [
    's3://data-bucket|warehouse/sales.db/hive_copy',
    's3://data-bucket|warehouse/sales.db/sales.db/hive_copy',
    's3://data-bucket/warehouse|sales.hive_copy',
    's3a://data-bucket/warehouse/sales.db|sales.hive_copy',
  ]
  const hive = ['customer_totals', 'top_customers'].map((name) => [
    `s3://data-bucket|warehouse/sales.db/${name}`,
    `s3://data-bucket/warehouse|sales.${name}`,
  ])
  const iceberg = ['orders', 'orders_by_size'].map((name) => [
    `s3://data-bucket|iceberg/db/${name}`,
    `s3://data-bucket/iceberg|db.${name}`,
  ])

  it(
    'are one in every walk, upstream and downstream',
    async () => {
      await mergeInBatches(graph, fixtureEvents('spark/warehouse_sql', 'spark/iceberg_merge'), 20)

      const reach = await findReach()

      for (const names of [hiveCopy, ...hive, ...iceberg]) {
        const met = reach.filter((reached) => names.some((name) => reached.has(name)))
        // Each name's own walk in both directions is among them.
        expect(met.length).toBeGreaterThanOrEqual(names.length * 2)
        expect(met.filter((reached) => !names.every((name) => reached.has(name)))).toEqual([])
      }
    },
    fixturesMsMax,
  )

  it(
    'are joined by the catalog alone for the path that is dropped',
    async () => {
      await mergeInBatches(graph, fixtureEvents('spark/warehouse_sql'), 20)

      const ofDropped = (await findLinks()).filter((link) =>
        link.startsWith('s3://data-bucket|warehouse/sales.db/sales.db'),
      )

      expect(ofDropped).toEqual([
        's3://data-bucket|warehouse/sales.db/sales.db/hive_copy SAME_AS s3://data-bucket/warehouse|sales.hive_copy CATALOG TABLE',
        's3://data-bucket|warehouse/sales.db/sales.db/hive_copy SAME_AS s3a://data-bucket/warehouse/sales.db|sales.hive_copy SYMLINK TABLE',
      ])
    },
    fixturesMsMax,
  )
})

describe('the links of a table with a thousand partitions', () => {
  const whole = toEntityKey(table)
  const parts = Array.from({ length: 1000 }, (_, n) =>
    toEntityKey({ namespace: 's3://bucket', name: `orders/day=${n}` }),
  )

  async function state(toLinks: (part: string) => IdentityLink[]): Promise<void> {
    await graph.inWrite(async (tx) => {
      const datasets = await lockDatasets(tx, parts)
      await mergeLinks(tx, {
        statements: parts.map((part) => ({ dataset: part, origin: 'RULES', links: toLinks(part) })),
        datasets,
      })
    })
  }

  it('are a thousand, one way and without closure, and go when no rule makes them any more', async () => {
    await state((part) => [{ kind: 'PART_OF', from: part, to: whole, source: 'partition' }])
    await state((part) => [{ kind: 'PART_OF', from: part, to: whole, source: 'partition' }])

    const links = await findLinks()
    expect(links).toHaveLength(1000)
    expect(links.every((link) => link.endsWith('PART_OF s3://bucket/warehouse|sales.orders partition'))).toBe(
      true,
    )

    await state(() => [])
    expect(await findLinks()).toEqual([])
    expect((await dumpGraph(graph)).filter((line) => line.includes('statedLinks'))).toEqual([])
  })
})
