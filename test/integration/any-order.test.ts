import fc from 'fast-check'
import type { Graph } from '../../src/graph/connection.ts'
import { migrateGraph } from '../../src/graph/migrate.ts'
import type { ReceivedEvent } from '../../src/project/project-event.ts'
import { fixtureEvents, received } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'
import { dumpBesideChanges, putSomeRules } from '../support/rules.ts'
import { anyHistory, worldRules } from '../support/small-world.ts'

/** A full dump takes a while to compare, and a first plan of each statement a while to make. */
/** Each run of the tests has others; ANY_ORDER_RUNS asks for more. */
const historiesMin = 40
const testMsMax = 600_000

let graph: Graph

beforeAll(async () => {
  graph = connectTestGraph()
  await migrateGraph(graph, silent)
})

afterAll(async () => {
  await wipeGraph(graph)
  await graph.close()
})

/** The graph that workers make of the events, each worker of its own share, one batch after another. */
async function graphOf(shares: readonly (readonly ReceivedEvent[])[], batchSize: number): Promise<string[]> {
  await wipeGraph(graph)
  await putSomeRules(graph, worldRules)
  await Promise.all(shares.map((share) => mergeInBatches(graph, share, batchSize)))
  return await dumpBesideChanges(graph)
}

describe('the graph of the events of real producers', () => {
  const events = fixtureEvents()
  let inOrder: string[]

  beforeAll(async () => {
    inOrder = await graphOf([events], 50)
  }, testMsMax)

  it(
    'is the same when they come in reverse, each twice',
    async () => {
      const twice = [...events, ...events].toReversed()

      expect(await graphOf([twice], 50)).toEqual(inOrder)
    },
    testMsMax,
  )

  it(
    'is the same when each is merged alone',
    async () => {
      expect(await graphOf([events], 1)).toEqual(inOrder)
    },
    testMsMax,
  )

  it(
    'is the same when they come shuffled and doubled, in batches of any size, through two workers',
    async () => {
      const arrivals = fc.record({
        shuffled: fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
        batchSize: fc.integer({ min: 5, max: 120 }),
        cut: fc.integer({ min: 0, max: events.length * 2 }),
      })

      await fc.assert(
        fc.asyncProperty(arrivals, async ({ shuffled, batchSize, cut }) => {
          const shares = [shuffled.slice(0, cut), shuffled.slice(cut)]
          expect(await graphOf(shares, batchSize)).toEqual(inOrder)
        }),
        { numRuns: 5, endOnFailure: true },
      )
    },
    testMsMax,
  )
})

describe('the graph of random histories of a small world', () => {
  it(
    'is the same in every order, every split and however often each event comes',
    async () => {
      const arrivals = anyHistory.chain((history) => {
        const events = history.map((event) => received(event))
        return fc.record({
          events: fc.constant(events),
          shuffled: fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
          batchSize: fc.integer({ min: 1, max: 4 }),
          isSplit: fc.boolean(),
        })
      })

      await fc.assert(
        fc.asyncProperty(arrivals, async ({ events, shuffled, batchSize, isSplit }) => {
          const atOnce = await graphOf([events], events.length)
          const half = isSplit ? Math.floor(shuffled.length / 2) : shuffled.length
          const shares = [shuffled.slice(0, half), shuffled.slice(half)]
          expect(await graphOf(shares, batchSize)).toEqual(atOnce)
        }),
        { numRuns: Number(process.env['ANY_ORDER_RUNS'] ?? historiesMin), endOnFailure: true },
      )
    },
    testMsMax,
  )
})
