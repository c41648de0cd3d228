import { randomUUID } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { migrateGraph } from '../../src/graph/migrate.ts'
import type { LineageEvent } from '../../src/openlineage/events.ts'
import { toInstant } from '../../src/openlineage/time.ts'
import { connectDeadLetters, type DeadLetters } from '../../src/queue/dead-letters.ts'
import { runCommand } from '../support/command.ts'
import { aDatasetEvent, aFacet, aJobEvent, aRunEvent, aSchema, received } from '../support/events.ts'
import { dumpGraph, wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'
import { retainAll } from '../support/retained.ts'

const testMsMax = 180_000
const prefix = `test-erase-${process.pid}`
const env = { QUEUE_PREFIX: prefix }
const db = 'postgres://db:5432'
const person = 'ann@example.com'

let graph: Graph
let letters: DeadLetters

beforeAll(async () => {
  graph = connectTestGraph()
  await migrateGraph(graph, silent)
  letters = await connectDeadLetters({ redisUrl: process.env['REDIS_URL'] ?? '', prefix, log: silent })
})

beforeEach(async () => {
  await wipeGraph(graph)
  const batch = history.map((event) => received(event))
  await mergeInBatches(graph, batch, 10)
  // Half of it is in the checkpoint.
  await retainAll(graph, {
    eventsBefore: toInstant('2026-03-03T00:00:00Z'),
    runsBefore: toInstant('2026-03-03T00:00:00Z'),
    versionsBefore: undefined,
  })
})

afterAll(async () => {
  await wipeGraph(graph)
  letters.close()
  await graph.close()
})

const facetsOfJob = {
  sql: aFacet({ query: 'INSERT INTO mails SELECT email FROM crm.customers -- not crm.customers_old' }),
  ownership: aFacet({ owners: [{ name: person, type: 'OWNER' }, { name: 'team:crm' }] }),
}
const inputFields = [
  { namespace: db, name: 'crm.customers', field: 'email' },
  { namespace: db, name: 'crm.orders', field: 'id' },
]
const aRun = (day: number): LineageEvent =>
  aRunEvent({
    eventType: 'COMPLETE',
    eventTime: `2026-03-0${day}T12:00:00Z`,
    run: {
      runId: `01a2043f-874b-7c7f-8370-8edc8453680${day}`,
      facets: { spark_applicationDetails: aFacet({ userName: person }) },
    },
    job: { namespace: db, name: 'mailing', facets: facetsOfJob },
    inputs: [
      { namespace: db, name: 'crm.customers', facets: aSchema('id', 'email') },
      { namespace: db, name: 'crm.orders', facets: aSchema('id') },
      { namespace: db, name: 'crm.customers_old' },
    ],
    outputs: [
      {
        namespace: db,
        name: 'mails',
        facets: {
          columnLineage: aFacet({ fields: { address: { inputFields } }, dataset: inputFields }),
          symlinks: aFacet({ identifiers: [{ namespace: db, name: 'crm.customers', type: 'VIEW' }] }),
        },
      },
    ],
  })
const history: LineageEvent[] = [
  ...[1, 2, 3, 4, 5].map(aRun),
  aDatasetEvent({ eventTime: '2026-03-02T01:00:00Z', dataset: { namespace: db, name: 'crm.customers' } }),
  aDatasetEvent({ eventTime: '2026-03-04T01:00:00Z', dataset: { namespace: db, name: 'crm.customers' } }),
  aJobEvent({
    eventTime: '2026-03-05T01:00:00Z',
    job: { namespace: db, name: 'planned', facets: facetsOfJob },
    inputs: [{ namespace: db, name: 'crm.customers' }],
    outputs: [{ namespace: db, name: 'crm.report' }],
  }),
]

/** All that stands in the graph, also in what is compressed. */
async function readEverything(): Promise<string> {
  const rows = await graph.inRead((tx) =>
    tx.run(cypher`MATCH (n) WHERE n.payload IS NOT NULL AND NOT n:Change RETURN n.payload AS payload`),
  )
  const texts = rows.map(({ payload }) => gunzipSync(Buffer.from(payload as Int8Array)).toString('utf8'))
  return [...(await dumpGraph(graph)), ...texts].join('\n')
}

async function addLetter(text: string): Promise<void> {
  const payload = gzipSync(text).toString('base64')
  const event = { id: randomUUID(), receivedAt: '2026-03-01T00:00:00Z', requestId: 'test', payload, bytes: 1 }
  await letters.add(event, { kind: 'TEXT_DAMAGED', reason: 'a test' })
}

const mentionsOf = (text: string, name: RegExp) => text.split('\n').filter((line) => name.test(line))
const customers = /crm\.customers(?!_old)/

describe('headwater erase', () => {
  it(
    'leaves nothing of a dataset in graph, log, checkpoint and dead letters, and all that is beside it',
    async () => {
      await addLetter('{"name": "crm.customers"}')
      await addLetter('{"name": "crm.orders"}')
      expect(mentionsOf(await readEverything(), customers).length).toBeGreaterThan(20)
      const args = ['erase', 'dataset', db, 'crm.customers', '--by', 'the data protection officer']

      const preview = await runCommand([...args, '--dry-run'], env)
      expect(preview).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('1 events that are about it alone are deleted') as string,
      })
      expect(mentionsOf(await readEverything(), customers).length).toBeGreaterThan(20)

      const erased = await runCommand(args, env)
      expect(erased).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('1 dead letters are dropped') as string,
      })
      const everything = await readEverything()
      expect(mentionsOf(everything, customers)).toEqual([])
      expect(await letters.count()).toBe(1)
      expect(everything).toContain('crm.customers_old')
      expect(everything).toMatch(/-FEEDS-> \(Dataset \S+ mails\)/)
      expect(everything).toMatch(/FROM erased-[0-9a-f]{8} -- not crm.customers_old/)
      expect(everything).toMatch(/Change .*by="the data protection officer" .*kind="ERASED"/)

      const rebuilt = await runCommand(['rebuild'], env)
      expect(rebuilt).toMatchObject({ code: 0 })
      expect(await readEverything()).toEqual(everything)
    },
    testMsMax,
  )

  it(
    'leaves nothing of a person',
    async () => {
      expect(await readEverything()).toContain(person)

      const erased = await runCommand(['erase', 'person', person, '--by', 'x'], env)

      expect(erased).toMatchObject({ code: 0 })
      const everything = await readEverything()
      expect(everything).not.toContain(person)
      expect(everything).toContain('team:crm')
      expect(everything).toMatch(/user="erased-[0-9a-f]{8}"/)
      expect(everything).toMatch(customers)
    },
    testMsMax,
  )
})
