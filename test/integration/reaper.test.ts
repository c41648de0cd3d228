import type { Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { migrateGraph } from '../../src/graph/migrate.ts'
import type { LineageEvent } from '../../src/openlineage/events.ts'
import { reapRuns } from '../../src/retention/reap-runs.ts'
import { aRunEvent, received } from '../support/events.ts'
import { dumpGraph, wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'
import { startQuestions } from '../support/questions.ts'

let graph: Graph

beforeAll(async () => {
  graph = connectTestGraph()
  await migrateGraph(graph, silent)
})

beforeEach(async () => await wipeGraph(graph))

afterAll(async () => {
  await wipeGraph(graph)
  await graph.close()
})

const idOf = (number: number) => `01a2043f-874b-7c7f-8370-8edc8453680${number}`
const anEvent = (number: number, said: Parameters<typeof aRunEvent>[0]) =>
  aRunEvent({ run: { runId: idOf(number) }, ...said })
const merge = async (...events: LineageEvent[]) =>
  await mergeInBatches(
    graph,
    events.map((event) => received(event)),
    10,
  )
const reap = async (heardBefore: string) =>
  await reapRuns(graph, {
    heardBefore,
    confirm: async () => undefined,
    signal: new AbortController().signal,
  })
const findLost = cypher`MATCH (r:Run) WHERE r.presumedLostAt IS NOT NULL RETURN r.runId AS runId, r.state AS state ORDER BY runId`
const readLost = async () => await graph.inRead((tx) => tx.run(findLost))

describe('the reaper', () => {
  it('marks runs that have not ended and of which nothing was heard, and changes nothing else', async () => {
    await merge(
      anEvent(1, { eventTime: '2026-03-01T08:00:00Z' }),
      anEvent(2, { eventTime: '2026-03-01T08:00:00Z' }),
      anEvent(2, { eventTime: '2026-03-02T12:00:00Z', eventType: 'RUNNING' }),
      anEvent(3, { eventTime: '2026-03-01T08:00:00Z' }),
      anEvent(3, { eventTime: '2026-03-01T09:00:00Z', eventType: 'COMPLETE' }),
      anEvent(4, { eventTime: '2026-03-01T08:00:00Z', eventType: 'OTHER' }),
    )
    const before = await dumpGraph(graph)

    expect(await reap('2026-03-02T00:00:00.000000000Z')).toBe(2)

    expect(await readLost()).toEqual([
      { runId: idOf(1), state: 'START' },
      { runId: idOf(4), state: 'OTHER' },
    ])
    const after = await dumpGraph(graph)
    expect(after.map((line) => line.replaceAll(/ presumedLostAt=\S+/g, ''))).toEqual(before)
    expect(await reap('2026-03-02T00:00:00.000000000Z')).toBe(0)
  })

  it('is taken back by the next event of the run, and shows where runs are shown', async () => {
    await merge(anEvent(1, { eventTime: '2026-03-01T08:00:00Z' }))
    await reap('2026-03-02T00:00:00.000000000Z')
    const questions = await startQuestions(graph)
    const list = await questions.get('/api/v2/runs?from=2026-01-01', 'RunPage')
    const one = await questions.get(`/api/v2/runs/${idOf(1)}`, 'Run')
    await questions.close()
    expect(list.at('runs', 0, 'presumedLostAt')).toEqual(expect.stringMatching(/^20/))
    expect(one.body['presumedLostAt']).toEqual(list.at('runs', 0, 'presumedLostAt'))

    await merge(anEvent(1, { eventTime: '2026-03-01T09:00:00Z', eventType: 'COMPLETE' }))

    expect(await readLost()).toEqual([])
  })
})
