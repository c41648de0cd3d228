import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Graph, GraphTransaction } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { connectTestGraph } from '../support/graph.ts'

let graph: Graph

beforeAll(() => {
  graph = connectTestGraph()
})

afterAll(async () => {
  await graph.close()
})

/** Runs a statement that fails, and another in each turn until it has failed. Gives what the others were told. */
async function failAmongOthers(tx: GraphTransaction): Promise<string[]> {
  const failed = new AbortController()
  const failing = tx
    .run(cypher`UNWIND range(1, 300000) AS n WITH max(n) AS n RETURN n / (n - 300000)`)
    .catch(() => failed.abort())
  const others: Promise<string>[] = []
  while (!failed.signal.aborted) {
    others.push(tx.run(cypher`RETURN 1`).then(() => 'nothing', String))
    await nextTurn()
  }
  await failing
  return await Promise.all(others)
}

describe('a transaction in which one of several statements fails', () => {
  it('tells each of them why, also those that come too late', async () => {
    let told: string[] = []

    await expect(
      graph.inWrite(async (tx) => {
        told = await failAmongOthers(tx)
        throw new Error('rolled back')
      }),
    ).rejects.toThrow('rolled back')

    expect(told.length).toBeGreaterThan(1)
    expect(told.filter((reason) => !reason.includes('/ by zero'))).toEqual([])
  })
})
