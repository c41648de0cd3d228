import type { Graph, GraphTransaction } from '../../src/graph/connection.ts'
import { cypher, type Statement } from '../../src/graph/cypher.ts'
import { isPassingTrouble } from '../../src/graph/passing-trouble.ts'
import { migrations } from '../../src/graph/migrate.ts'
import { prepareGraph } from '../../src/graph/prepare-graph.ts'
import { mergeEvents } from '../../src/merge/merge-events.ts'
import type { ReceivedEvent } from '../../src/project/project-event.ts'
import { aFacet, aRunEvent, aSchema, received } from '../support/events.ts'
import { dumpGraph, wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, silent } from '../support/graph.ts'

/** How long one transaction stands still, so that the other comes as far as the locks let it. */
const standstillMs = 120
const statementsMax = 60

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

/** A graph whose transactions stand still before their statement of this number. */
function standingStillAt(statement: number): Graph {
  const slow = (tx: GraphTransaction): GraphTransaction => {
    let count = 0
    return {
      run: async (text, parameters) => {
        if (count++ === statement) await new Promise((resolve) => setTimeout(resolve, standstillMs))
        return await tx.run(text, parameters)
      },
    }
  }
  return { ...graph, inWrite: (work) => graph.inWrite((tx) => work(slow(tx))) }
}

async function mergeUntilDone(target: Graph, batch: readonly ReceivedEvent[]): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      await mergeEvents(target, batch, { facetBytesMax: 262_144 })
      return
    } catch (error) {
      if (!isPassingTrouble(error)) throw error
    }
  }
  throw new Error('the batch was not merged after 20 attempts')
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
      const slow = mergeUntilDone(standingStillAt(statement), [older])
      await new Promise((resolve) => setTimeout(resolve, standstillMs / 4))
      await Promise.all([slow, mergeUntilDone(graph, [newer])])
      expect({ statement, graph: await dumpGraph(graph) }).toEqual({ statement, graph: expected })
    }
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
  }, 60_000)
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
