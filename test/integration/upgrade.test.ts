import type { Driver } from 'neo4j-driver'
import { cypher } from '../../src/graph/cypher.ts'
import { migrateGraph, migrations } from '../../src/graph/migrate.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { runCommand } from '../support/command.ts'
import { connectTestDriver } from '../support/graph-digest.ts'
import { dumpGraph, wipeGraph } from '../support/graph-dump.ts'
import { oldGraphUrl, putGraph, readFixture, type GraphFixture } from '../support/graph-fixture.ts'
import { connectTestGraph, silent } from '../support/graph.ts'
import { readNotes } from '../support/read-notes.ts'
import { idOf } from '../support/send-texts.ts'
import { upgradeTexts } from '../support/upgrade-texts.ts'

const testMsMax = 300_000
const env = { QUEUE_PREFIX: `test-upgrade-${process.pid}` }
const { before, after } = upgradeTexts()

const migrationsStatement = cypher`MATCH (m:Migration) WHERE m.number > 0 RETURN m.number AS number ORDER BY number`
const indexesStatement = cypher`SHOW INDEXES YIELD name, state WHERE state = 'ONLINE' RETURN name ORDER BY name`

let driver: Driver
let collector: Collector
let fixture: GraphFixture
/** What the present version makes of all events from the start: to the letter, and with its notes as they read. */
let expected: string[]
let expectedAsRead: string[]
let expectedIndexes: string[]

async function read(statement: typeof migrationsStatement, column: string): Promise<unknown[]> {
  const rows = await collector.graph.inRead((tx) => tx.run(statement))
  return rows.map((row) => row[column])
}

/** Without what people have changed: each version puts its first identity rules in force at a time of its own. */
async function dumpEvents(asRead?: typeof readNotes): Promise<string[]> {
  const lines = await dumpGraph(collector.graph, asRead)
  return lines.filter((line) => !line.startsWith('(Change '))
}

/** All at once: any order is right. */
async function send(texts: readonly string[]): Promise<void> {
  const answers = await Promise.all(texts.map(async (text) => await collector.post(text)))
  expect(answers.filter(({ status }) => status !== 201)).toEqual([])
  await collector.merged(texts.map(idOf))
}

beforeAll(async () => {
  driver = connectTestDriver()
  fixture = await readFixture(oldGraphUrl)
  const graph = connectTestGraph()
  await wipeGraph(graph)
  await graph.close()
  // It starts on the empty graph, so that it puts its identity rules in force as the older one did.
  collector = await startCollector(env)
  await send([...before, ...after])
  expected = await dumpEvents()
  expectedAsRead = await dumpEvents(readNotes)
  expectedIndexes = (await read(indexesStatement, 'name')).map(String)
  await collector.close()
  // No worker of the present version runs when the older one's graph is put in its place.
  await putGraph(driver, fixture)
}, testMsMax)

afterAll(async () => {
  // Whatever has failed, others go on with this Neo4j.
  await migrateGraph(collector.graph, silent)
  await wipeGraph(collector.graph)
  await collector.close()
  await driver.close()
}, testMsMax)

describe('the graph of an older version', () => {
  it('is what that version has left', async () => {
    const graph = connectTestGraph()
    const rows = await graph.inRead((tx) => tx.run(migrationsStatement))
    await graph.close()

    expect(rows.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 8, 9])
  })

  it(
    'is migrated when the first worker starts, and takes new events over it',
    async () => {
      collector = await startCollector(env)
      await send(after)

      expect(await read(migrationsStatement, 'number')).toEqual(migrations.map(({ number }) => number))
      expect(await read(indexesStatement, 'name')).toEqual(expectedIndexes)
      // On a node of which no event has come since they are as the older version wrote them.
      expect(await dumpEvents(readNotes)).toEqual(expectedAsRead)
    },
    testMsMax,
  )

  it('is not migrated twice', async () => {
    const marks = cypher`MATCH (m:Migration) RETURN m.number AS number, m.appliedAt AS at ORDER BY number`
    const once = await collector.graph.inRead((tx) => tx.run(marks))

    await migrateGraph(collector.graph, silent)

    expect(await collector.graph.inRead((tx) => tx.run(marks))).toEqual(once)
  })

  it(
    'is after a rebuild what the present version makes of all events',
    async () => {
      const { code } = await runCommand(['rebuild'], env)

      expect(code).toBe(0)
      expect(await dumpEvents()).toEqual(expected)
    },
    testMsMax,
  )
})
