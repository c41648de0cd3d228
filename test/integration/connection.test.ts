import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Graph, GraphTransaction } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { fromDateTime, fromDateTimeText, toDateTime } from '../../src/graph/values.ts'
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

describe('a time', () => {
  it.each([
    '2026-11-22T17:13:25.992348001Z',
    '2024-02-29T23:59:59.999999999Z',
    '1969-12-31T23:59:59.500000000Z',
    '0001-01-01T00:00:00.000000000Z',
    '9999-12-31T23:59:59.000000001Z',
  ])('%s comes back from Neo4j as a ZONED DATETIME in UTC', async (instant) => {
    const [row] = await graph.inRead((tx) =>
      tx.run(cypher`RETURN $time AS time, toString($time) AS text, valueType($time) AS type`, {
        time: toDateTime(instant),
      }),
    )

    expect(row?.['type']).toBe('ZONED DATETIME NOT NULL')
    expect(fromDateTime(row?.['time'])).toBe(instant)
    expect(fromDateTimeText(row?.['text'])).toBe(instant)
  })
})
