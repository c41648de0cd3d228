import { setTimeout as pause } from 'node:timers/promises'
import type { Graph } from '../../src/graph/connection.ts'
import { cypher, type Statement } from '../../src/graph/cypher.ts'
import { migrations } from '../../src/graph/migrate.ts'
import { prepareGraph } from '../../src/graph/prepare-graph.ts'
import type { Facets } from '../../src/openlineage/events.ts'
import type { ReceivedEvent } from '../../src/project/project-event.ts'
import { aDatasetEvent, aFacet, aRunEvent, aSchema, received } from '../support/events.ts'
import { dumpGraph, wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, silent } from '../support/graph.ts'
import { mergeUntilDone, standingStillAt, standstillMs } from '../support/standing-still.ts'

const statementsMax = 60
/** An event of one dataset sends fewer. */
const nameStatementsMax = 20

let graph: Graph

beforeAll(async () => {
  graph = connectTestGraph()
  await prepareGraph(graph, silent)
})

afterAll(async () => {
  await wipeGraph(graph)
  await graph.close()
})

function event(minute: number, eventType: 'START' | 'COMPLETE', description: string): ReceivedEvent {
  const documentation = {
    documentation: aFacet({ description }),
    ownership: aFacet({ owners: [{ name: description }, { name: 'both' }] }),
    tags: aFacet({ tags: [description, 'both'].map((key) => ({ key, value: '' })) }),
  }
  const assertion = { assertion: description, success: true, column: 'a' }
  const dataQualityAssertions = aFacet({ assertions: [assertion] })
  return received(
    aRunEvent({
      eventTime: `2026-11-22T10:0${minute}:00Z`,
      eventType,
      job: { namespace: 'jobs', name: 'load', facets: documentation },
      inputs: [
        {
          namespace: 'db',
          name: 'orders',
          facets: { ...documentation, ...aSchema('a', description) },
          inputFacets: { dataQualityAssertions },
        },
      ],
      outputs: [{ namespace: 'db', name: 'totals', facets: aSchema(description) }],
    }),
  )
}

describe('two workers that merge events of one run at the same time', () => {
  const [older, newer] = [event(0, 'START', 'older'), event(1, 'COMPLETE', 'newer')]

  it('lose no update, wherever one of them stands still', async () => {
    await wipeGraph(graph)
    await mergeUntilDone(graph, [older])
    await mergeUntilDone(graph, [newer])
    const expected = await dumpGraph(graph)

    for (let statement = 0; statement < statementsMax; statement += 3) {
      await wipeGraph(graph)
      // Half of the time on an empty graph, where first contact has no node to lock yet.
      if (statement % 2 === 0) await mergeUntilDone(graph, [older])
      const slow = mergeUntilDone(standingStillAt(graph, statement), [older])
      await pause(standstillMs / 4)
      await Promise.all([slow, mergeUntilDone(graph, [newer])])
      expect({ statement, graph: await dumpGraph(graph) }).toEqual({ statement, graph: expected })
    }
  }, 180_000)
})

/** An event of one dataset that states a schema, symlinks, or both. */
function about(minute: number, name: string, facets: Facets): ReceivedEvent {
  return received(
    aDatasetEvent({
      eventTime: `2026-11-22T10:0${minute}:00Z`,
      dataset: { namespace: 'db', name, facets },
    }),
  )
}

function symlinks(...names: string[]): Facets {
  return {
    symlinks: aFacet({ identifiers: names.map((name) => ({ namespace: 'db', name, type: 'TABLE' })) }),
  }
}

/** The graph must be the same wherever the first of the workers stands still. */
async function expectOneGraph(known: readonly ReceivedEvent[], workers: readonly ReceivedEvent[]) {
  await wipeGraph(graph)
  for (const each of [...known, ...workers]) await mergeUntilDone(graph, [each])
  const expected = await dumpGraph(graph)

  const [first, ...others] = workers
  if (first === undefined) throw new Error('one worker stands still')
  for (let statement = 0; statement < nameStatementsMax; statement++) {
    await wipeGraph(graph)
    for (const each of known) await mergeUntilDone(graph, [each])
    const slow = mergeUntilDone(standingStillAt(graph, statement), [first])
    await pause(standstillMs / 4)
    await Promise.all([slow, ...others.map((each) => mergeUntilDone(graph, [each]))])
    expect({ statement, graph: await dumpGraph(graph) }).toEqual({ statement, graph: expected })
  }
  return expected
}

const aDocumentation = { documentation: aFacet({ description: 'seen' }) }

describe('workers that meet at two names of one dataset', () => {
  const joining = about(1, 'path', symlinks('table'))
  const [ofPath, ofTable] = [about(2, 'path', aSchema('x', 'y')), about(2, 'table', aSchema('x', 'z'))]

  /** Neo4j inserts a node's newest relationship before the last, which it locks: with others before it, `SAME_AS` locks nobody out. */
  const seen = [about(0, 'path', aDocumentation), about(0, 'table', aDocumentation)]

  it('join the fields that each of them makes on its side', async () => {
    const expected = await expectOneGraph([joining, ...seen], [ofPath, ofTable])

    expect(expected.filter((line) => /Field.*-SAME_AS->.*Field/.test(line))).toHaveLength(2)
  }, 180_000)

  it('join the fields of names that are joined meanwhile', async () => {
    const expected = await expectOneGraph(seen, [ofTable, joining, ofPath])

    expect(expected.filter((line) => /Field.*-SAME_AS->.*Field/.test(line))).toHaveLength(2)
  }, 180_000)

  it('part the names that both of them stop to state', async () => {
    const known = [joining, about(1, 'table', symlinks('path')), ofPath, ofTable, ...seen]
    const expected = await expectOneGraph(known, [
      about(3, 'path', symlinks()),
      about(3, 'table', symlinks()),
    ])

    expect(expected.filter((line) => line.includes('-SAME_AS->'))).toEqual([])
  }, 180_000)
})

describe('several workers that start at once', () => {
  it('make the constraints and indexes together, on a graph that has none', async () => {
    await dropSchema()

    await Promise.all(Array.from({ length: 4 }, () => prepareGraph(graph, silent)))

    const [row] = await graph.inRead((tx) =>
      tx.run(cypher`SHOW CONSTRAINTS YIELD name RETURN count(*) AS constraints`),
    )
    const stated = migrations
      .flatMap(({ statements }) => statements)
      .filter((s) => s.includes('CREATE CONSTRAINT'))
    // And the one of the migrations themselves.
    expect(row).toEqual({ constraints: stated.length + 1 })
  }, 180_000)

  it('never wait for an index with locks held, which others would wait for', () => {
    const statements = migrations.flatMap((migration) => migration.statements)

    expect(statements.filter((statement) => statement.includes('awaitIndexes'))).toEqual([])
  })
})

async function dropSchema(): Promise<void> {
  await graph.runAlone(cypher`MATCH (m:Migration) DELETE m`)
  const constraints = await graph.inRead((tx) => tx.run(cypher`SHOW CONSTRAINTS YIELD name`))
  for (const { name } of constraints) await graph.runAlone(`DROP CONSTRAINT ${String(name)}` as Statement)
  const indexes = await graph.inRead((tx) =>
    tx.run(cypher`SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'`),
  )
  for (const { name } of indexes) await graph.runAlone(`DROP INDEX ${String(name)}` as Statement)
}
