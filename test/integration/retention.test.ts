import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { readConfig } from '../../src/config.ts'
import type { Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { migrateGraph } from '../../src/graph/migrate.ts'
import { createRetentionNotes } from '../../src/metrics/retention-notes.ts'
import { createRegistry } from '../../src/metrics/registry.ts'
import type { LineageEvent } from '../../src/openlineage/events.ts'
import { toInstant } from '../../src/openlineage/time.ts'
import { takeTurn } from '../../src/retention/take-turn.ts'
import { startRetention } from '../../src/roles/retention.ts'
import { runCommand } from '../support/command.ts'
import { aFacet, aRunEvent, fixtureEvents, received } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { generatedTexts } from '../support/generated-events.ts'
import { dumpGraph, wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'
import { keepsAll, rebuildAlone, retainAll } from '../support/retained.ts'
import { dumpBesideChanges, putSomeRules } from '../support/rules.ts'
import { anyHistory, worldRules } from '../support/small-world.ts'
import { runIdOf, toldRun, type ToldRun } from '../support/told-runs.ts'

const testMsMax = 300_000
const env = { QUEUE_PREFIX: `test-retention-${process.pid}` }

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

const at = (time: string) => toInstant(time)
const all = at('2030-01-01T00:00:00Z')

async function merge(events: readonly LineageEvent[]): Promise<void> {
  await mergeInBatches(
    graph,
    events.map((event) => received(event)),
    100,
  )
}

async function findAll(statement: ReturnType<typeof cypher>): Promise<unknown[]> {
  const rows = await graph.inRead((tx) => tx.run(statement))
  return rows.map((row) => Object.values(row)[0])
}

describe('a rebuild of a graph that retention has removed from', () => {
  it(
    'equals it: weeks of a warehouse whose schemas and code change',
    async () => {
      const texts = generatedTexts(9000).filter((text) => text.includes('dag_2"') || text.includes('dag_2.'))
      await merge(texts.map((text) => JSON.parse(text) as LineageEvent))
      const removed = await retainAll(graph, {
        eventsBefore: at('2026-03-11T12:00:00Z'),
        runsBefore: at('2026-03-10T00:00:00Z'),
        versionsBefore: undefined,
      })
      const before = await dumpGraph(graph)

      await rebuildAlone(graph, 100)

      expect(await dumpGraph(graph)).toEqual(before)
      expect(removed.runs).toBeGreaterThan(50)
      expect(removed.events).toBeGreaterThan(removed.runs * 2)
      expect(removed.datasetVersions).toBeGreaterThan(50)
    },
    testMsMax,
  )

  it(
    'equals it: of real producers, when nothing is young',
    async () => {
      await putSomeRules(graph)
      await mergeInBatches(graph, fixtureEvents(), 100)
      await retainAll(graph, { eventsBefore: all, runsBefore: all, versionsBefore: all })
      const before = await dumpGraph(graph)

      await rebuildAlone(graph)

      expect(await dumpGraph(graph)).toEqual(before)
      expect(await findAll(cypher`MATCH (e:Event) RETURN count(e)`)).toEqual([0])
    },
    testMsMax,
  )

  it(
    'equals it: of random histories of a small world',
    async () => {
      const kept = anyHistory.chain((history) =>
        fc.record({
          events: fc.constant(history.map((event) => received(event))),
          cutEvents: fc.boolean(),
          cutRuns: fc.boolean(),
          cut: fc.nat(history.length - 1),
          batchSize: fc.integer({ min: 1, max: 8 }),
        }),
      )
      await fc.assert(
        fc.asyncProperty(kept, async ({ events, cut, cutEvents, cutRuns, batchSize }) => {
          const before = toInstant(events[cut]?.event.eventTime ?? '')
          await wipeGraph(graph)
          await putSomeRules(graph, worldRules)
          await mergeInBatches(graph, events, batchSize)
          await retainAll(graph, {
            eventsBefore: cutEvents ? before : undefined,
            runsBefore: cutRuns ? before : undefined,
            versionsBefore: cutRuns && cutEvents ? before : undefined,
          })
          const expected = await dumpBesideChanges(graph)
          await rebuildAlone(graph, batchSize)
          expect(await dumpBesideChanges(graph)).toEqual(expected)
        }),
        { numRuns: Number(process.env['RETENTION_RUNS'] ?? 5), endOnFailure: true },
      )
    },
    testMsMax,
  )
})

const orders = (day: number, more: Partial<ToldRun> = {}): ToldRun => ({
  when: `${day}.08`,
  job: 'orders',
  sql: 'SELECT 1',
  inputs: [{ name: 'raw', columns: ['id'] }],
  outputs: [{ name: 'orders', columns: ['id'] }],
  ...more,
})
const findRuns = cypher`MATCH (r:Run) RETURN r.runId ORDER BY r.startedAt`
const runs = (...told: ToldRun[]) => told.map(runIdOf)

describe('retention', () => {
  it('keeps of each time that a job had a content the first and the last run, until versions are old too', async () => {
    const told = 'AAABBBAAA'.split('').map((sql, index) => orders(index + 1, { sql: `SELECT ${sql}` }))
    await merge(told.flatMap(toldRun))
    const days = (...wanted: number[]) => runs(...told.filter((_, index) => wanted.includes(index + 1)))

    await retainAll(graph, { ...keepsAll, runsBefore: all })
    expect(await findAll(findRuns)).toEqual(days(1, 3, 4, 6, 7, 9))

    // A version is as old as its first run and as new as its last: these stay.
    await retainAll(graph, { ...keepsAll, runsBefore: all, versionsBefore: all })
    expect(await findAll(findRuns)).toEqual(days(1, 4, 6, 9))
  })

  it('keeps the structure of jobs, datasets and columns', async () => {
    await merge([1, 2, 3, 4, 5].flatMap((day) => toldRun(orders(day))))
    const structure = async () =>
      (await dumpGraph(graph)).filter((line) => !/^\((?:Run|Event|DatasetVersion|Checkpoint) /.test(line))
    const before = await structure()

    const removed = await retainAll(graph, { eventsBefore: all, runsBefore: all, versionsBefore: all })

    expect(removed).toMatchObject({ runs: 3, datasetVersions: 3, events: 10 })
    expect(await structure()).toEqual(before)
  })

  it('keeps runs that have not ended, and parents of runs that stay', async () => {
    const parent = orders(1, { job: 'dag', inputs: [], outputs: [] })
    const facets = {
      parent: aFacet({ run: { runId: runIdOf(parent) }, job: { namespace: 'etl', name: 'dag' } }),
    }
    const child = aRunEvent({ run: { runId: randomUUID(), facets }, eventTime: '2026-03-01T09:00:00Z' })
    await merge([...toldRun(parent), ...toldRun({ ...parent, when: '5.08' }), child])

    await retainAll(graph, { eventsBefore: all, runsBefore: all, versionsBefore: all })
    expect(await findAll(cypher`MATCH (r:Run) RETURN r.state ORDER BY r.state`)).toEqual([
      'COMPLETE',
      'COMPLETE',
      'START',
    ])
  })

  it('takes a late event of a run that is gone as that of a new one, and lets it go again', async () => {
    const told = [1, 2, 3, 4].map((day) => orders(day))
    await merge(told.flatMap(toldRun))
    await retainAll(graph, { ...keepsAll, runsBefore: all })
    const before = await dumpGraph(graph)

    await merge(toldRun(told[1] as ToldRun))
    expect(await findAll(findRuns)).toHaveLength(3)
    await retainAll(graph, { ...keepsAll, runsBefore: all })

    expect(await dumpGraph(graph)).toEqual(before)
  })

  it(
    'is run by command, says before what would go, and a rebuild by command starts from its checkpoint',
    async () => {
      await merge([1, 2, 3, 4, 5].flatMap((day) => toldRun(orders(day))))
      const args = ['retention', '--events-days', '1', '--runs-days', '1']
      const expected = '  10 events\n  3 runs\n  3 versions of datasets\n  0 results of tests\n'

      const preview = await runCommand([...args, '--dry-run'], env)
      expect({ ...preview, said: '' }).toEqual({
        code: 0,
        stdout: `would be removed:\n${expected}`,
        said: '',
      })
      const done = await runCommand(args, env)
      expect({ ...done, said: '' }).toEqual({ code: 0, stdout: `removed:\n${expected}`, said: '' })
      const before = await dumpBesideTurns()
      const rebuilt = await runCommand(['rebuild'], env)

      expect(rebuilt).toMatchObject({
        code: 0,
        said: expect.stringContaining('records of the checkpoint merged') as string,
      })
      expect(await dumpBesideTurns()).toEqual(before)

      // A backup has it too, and makes the same graph in an empty one.
      const dir = await mkdtemp(join(tmpdir(), 'headwater-backup-'))
      const backup = join(dir, 'backup.ndjson.gz')
      const exported = await runCommand(['export', '--envelope', backup], env)
      expect(exported).toMatchObject({
        code: 0,
        said: expect.stringContaining('records of the checkpoint') as string,
      })
      await wipeGraph(graph)
      const nobody = 'http://127.0.0.1:9'
      const imported = await runCommand(['import', '--changes', '--url', nobody, backup], env)
      expect(imported).toMatchObject({ code: 0 })
      expect(await dumpBesideTurns()).toEqual(before)
      await rm(dir, { recursive: true })

      const refused = await runCommand(['retention'], env)
      expect(refused).toMatchObject({
        code: 2,
        said: expect.stringContaining('RETENTION_RUNS_DAYS') as string,
      })
    },
    testMsMax,
  )

  it('is done by one worker at a time, when it is due, and counted', async () => {
    await merge([1, 2, 3].flatMap((day) => toldRun(orders(day))))
    const registry = createRegistry({ version: 'test' })
    const config = readConfig({ RETENTION_RUNS_DAYS: '1' })
    const held = await takeTurn(graph, { name: 'retention', everySeconds: 0 })
    expect(await takeTurn(graph, { name: 'retention', everySeconds: 0 })).toBeUndefined()

    const worker = startRetention(
      config,
      { graph, notes: createRetentionNotes(registry), log: silent },
      { everyMs: 50 },
    )
    await held?.end({ isDone: false })
    await eventually(async () => (await registry.metrics()).includes('turn="retention",outcome="done"} 1'), {
      withinMs: 30_000,
    })
    await worker.close()

    expect(await registry.metrics()).toContain('headwater_retention_removed_total{label="Run"} 1')
    expect(await takeTurn(graph, { name: 'retention', everySeconds: 3600 })).toBeUndefined()
  })

  it('removes nothing from a graph that is being rebuilt', async () => {
    const turn = await takeTurn(graph, { name: 'retention', everySeconds: 0 })
    await graph.inWrite((tx) => tx.run(cypher`MERGE (r:Rebuild {id: 'graph'}) SET r.phase = 'MERGING'`))

    await expect(graph.inWrite(async (tx) => await turn?.confirm(tx))).rejects.toThrow('is being rebuilt')
    await turn?.end({ isDone: false })
  })
})

async function dumpBesideTurns(): Promise<string[]> {
  return (await dumpGraph(graph)).filter((line) => !line.startsWith('(Turn '))
}
