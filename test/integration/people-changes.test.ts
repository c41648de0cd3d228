import { readFile, rm, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectGraph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { readChanges, writeChanges } from '../../src/log/changes.ts'
import { applyWrittenChanges, putPeopleChange } from '../../src/merge/put-people-change.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { runCommand } from '../support/command.ts'
import { aDatasetEvent, aFacet, aRunEvent, aSchema, received } from '../support/events.ts'
import { dumpGraph, wipeGraph } from '../support/graph-dump.ts'
import { mergeInBatches, silent } from '../support/graph.ts'
import type { Json } from '../support/json.ts'
import { startOwnNeo4j } from '../support/own-neo4j.ts'
import { sendTexts } from '../support/send-texts.ts'

const testMsMax = 400_000
const env = { QUEUE_PREFIX: `test-people-${process.pid}` }
const ordersPath = '/api/v1/namespaces/db/datasets/orders'
const jobPath = '/api/v1/namespaces/jobs/jobs/load'

let collector: Collector

beforeAll(async () => {
  collector = await startCollector(env)
})

beforeEach(async () => await wipeGraph(collector.graph))

afterAll(async () => {
  await wipeGraph(collector.graph)
  await collector.close()
})

function tagsFacet(...keys: string[]) {
  return { tags: aFacet({ tags: keys.map((key) => ({ key, value: '', source: 'USER' })) }) }
}

function loadAt(eventTime: string, ...tags: string[]) {
  return aRunEvent({
    eventType: 'COMPLETE',
    eventTime,
    run: { runId: `01a2043f-874b-7c7f-8370-${eventTime.replaceAll(/\D/g, '').slice(2, 14)}` },
    outputs: [
      { namespace: 'db', name: 'orders', facets: { ...aSchema('id', 'email'), ...tagsFacet(...tags) } },
    ],
  })
}

const past = '2026-11-22T10:00:00Z'
/** Later than any change that a test makes. */
const future = new Date(Date.now() + 2 * 3_600_000).toISOString()

const send = async (...events: object[]) =>
  await sendTexts(
    collector,
    events.map((event) => JSON.stringify(event)),
  )

async function change(method: string, path: string): Promise<Json> {
  const { status, body } = await collector.ask(method, path)
  expect(status).toBe(200)
  return body
}

async function tagsOfOrders(): Promise<unknown> {
  return (await change('GET', ordersPath)).tags
}

const withoutChangeTimes = cypher`
  MATCH (c:Change) WHERE c.kind <> 'IDENTITY_RULES' RETURN c.kind AS kind, c.by AS by, c.payload AS payload ORDER BY c.at
`

describe('tags that people give', () => {
  it('are noted in the log, and stand beside those of producers, which come and go without them', async () => {
    await send(loadAt(past, 'gold', 'PII'))

    const tagged = await change('POST', `${ordersPath}/tags/mine`)
    await change('POST', `${ordersPath}/tags/PII`)
    await send(loadAt('2026-11-22T11:00:00Z', 'silver'))

    expect(tagged.tags).toEqual(['PII', 'gold', 'mine'])
    expect(await tagsOfOrders()).toEqual(['PII', 'mine', 'silver'])
    expect(await collector.graph.inRead((tx) => tx.run(withoutChangeTimes))).toMatchObject([
      {
        kind: 'TAGGED',
        by: 'HTTP',
        payload: '{"thing":{"kind":"dataset","namespace":"db","name":"orders"},"tag":"mine"}',
      },
      { kind: 'TAGGED' },
    ])
  })

  it('are taken away again, and those of producers are not', async () => {
    await send(loadAt(past, 'gold'))
    await change('POST', `${ordersPath}/tags/mine`)
    await change('POST', `${ordersPath}/fields/email/tags/PII`)
    await change('POST', `${jobPath}/tags/nightly`)
    const before = [
      await tagsOfOrders(),
      (await change('GET', ordersPath)).fields[1].tags,
      (await change('GET', jobPath)).tags,
    ]

    await change('DELETE', `${ordersPath}/tags/mine`)
    await change('DELETE', `${ordersPath}/tags/gold`)
    await change('DELETE', `${ordersPath}/fields/email/tags/PII`)
    await change('DELETE', `${jobPath}/tags/nightly`)

    expect(before).toEqual([['gold', 'mine'], ['PII'], ['nightly']])
    expect(await tagsOfOrders()).toEqual(['gold'])
    expect((await change('GET', ordersPath)).fields[1].tags).toEqual([])
    expect((await change('GET', jobPath)).tags).toEqual([])
  })

  it('are refused for what nobody knows', async () => {
    await send(loadAt(past))

    const answers = await Promise.all(
      [`${ordersPath}x/tags/a`, `${ordersPath}/fields/none/tags/a`, `${jobPath}x/tags/a`].map((path) =>
        collector.ask('POST', path),
      ),
    )

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404])
    expect((await collector.graph.inRead((tx) => tx.run(withoutChangeTimes))).length).toBe(0)
  })
})

describe('a description of a tag', () => {
  it('is listed with the tags that things have, the newest', async () => {
    await send(loadAt(past, 'gold'))
    await collector.ask('PUT', '/api/v1/tags/PII', '{"description": "old"}')
    await collector.ask('PUT', '/api/v1/tags/PII', '{"description": "about people"}')

    expect((await change('GET', '/api/v1/tags')).tags).toEqual([
      { name: 'PII', description: 'about people' },
      { name: 'gold', description: null },
    ])
  })
})

/** What lists, search and walks show. */
async function listed() {
  const { jobs, totalCount } = await change('GET', '/api/v1/jobs')
  const { datasets } = await change('GET', '/api/v1/namespaces/db/datasets')
  const { results } = await change('GET', '/api/v1/search?q=o')
  const { graph } = await change('GET', '/api/v1/lineage?nodeId=job:jobs:other')
  return {
    jobs: jobs.map(({ name }: Json) => name).toSorted(),
    totalCount,
    datasets: datasets.map(({ name }: Json) => name),
    found: results.map(({ name }: Json) => name),
    walked: graph.map(({ id }: Json) => id),
  }
}

describe('a hidden job or dataset', () => {
  const other = aRunEvent({
    eventType: 'COMPLETE',
    eventTime: past,
    run: { runId: '01a2043f-874b-7c7f-8370-00000000000a' },
    job: { namespace: 'jobs', name: 'other' },
    inputs: [{ namespace: 'db', name: 'orders' }],
  })

  it('is left out of lists, search and walks, until it is heard of again', async () => {
    await send(loadAt(past), other)
    const before = await listed()

    await change('DELETE', jobPath)
    await change('DELETE', ordersPath)
    const hidden = await listed()
    await send(loadAt('2026-11-22T11:00:00Z'))
    const still = await listed()
    await send(loadAt(future))

    expect(before).toEqual({
      jobs: ['load', 'other'],
      totalCount: 2,
      datasets: ['orders'],
      found: ['load', 'orders', 'other'],
      walked: ['dataset:db:orders', 'job:jobs:load', 'job:jobs:other'],
    })
    expect(hidden).toEqual({
      jobs: ['other'],
      totalCount: 1,
      datasets: [],
      found: ['other'],
      walked: ['job:jobs:other'],
    })
    // An event of before, which came late, brings nothing back.
    expect(still).toEqual(hidden)
    expect(await listed()).toEqual({ ...before })
  })

  it('can still be read by its name', async () => {
    await send(loadAt(past))
    await change('DELETE', ordersPath)

    expect(await change('GET', ordersPath)).toMatchObject({ name: 'orders' })
  })
})

async function changeMuch(): Promise<void> {
  await send(loadAt(past, 'gold'), aDatasetEvent({ dataset: { namespace: 'db', name: 'old' } }))
  await change('POST', `${ordersPath}/tags/mine`)
  await change('POST', `${ordersPath}/tags/gone`)
  await change('DELETE', `${ordersPath}/tags/gone`)
  await change('POST', `${ordersPath}/fields/email/tags/PII`)
  await change('POST', `${jobPath}/tags/nightly`)
  await change('DELETE', '/api/v1/namespaces/db/datasets/old')
  await change('DELETE', jobPath)
  await collector.ask('PUT', '/api/v1/tags/PII', '{"description": "about people"}')
}

describe('what people have changed', () => {
  it(
    'is there again after a rebuild in place',
    async () => {
      await changeMuch()
      const before = await dumpGraph(collector.graph)

      const { code } = await runCommand(['rebuild'], env)

      expect(code).toBe(0)
      expect(withoutLoneTags(await dumpGraph(collector.graph))).toEqual(withoutLoneTags(before))
      expect(await tagsOfOrders()).toEqual(['gold', 'mine'])
    },
    testMsMax,
  )

  it(
    'is there in another Neo4j after a rebuild into it, and what came later after --catch-up',
    async () => {
      const other = await startOwnNeo4j()
      const { uri, user, password } = other
      const target = connectGraph({ uri, user, password, database: 'neo4j' }, silent)
      const toOther = ['rebuild', '--to', uri, '--to-user', user]
      const otherEnv = { ...env, TO_NEO4J_PASSWORD: password }
      try {
        await changeMuch()
        expect((await runCommand(toOther, otherEnv)).code).toBe(0)
        expect(withoutLoneTags(await dumpGraph(target))).toEqual(
          withoutLoneTags(await dumpGraph(collector.graph)),
        )

        await change('DELETE', `${ordersPath}/tags/mine`)
        await change('POST', `${ordersPath}/tags/later`)
        expect((await runCommand([...toOther, '--catch-up'], otherEnv)).code).toBe(0)
        expect(withoutLoneTags(await dumpGraph(target))).toEqual(
          withoutLoneTags(await dumpGraph(collector.graph)),
        )
      } finally {
        await target.close()
        await other.remove()
      }
    },
    testMsMax,
  )

  it(
    'goes with a backup: exported, and imported with --changes',
    async () => {
      const dir = await mkdtemp(join(tmpdir(), 'headwater-people-'))
      const file = join(dir, 'backup.ndjson')
      try {
        await changeMuch()
        const before = await dumpGraph(collector.graph)
        expect((await runCommand(['export', '--envelope', file], env)).code).toBe(0)
        const texts = (await readFile(file, 'utf8')).split('\n')
        await wipeGraph(collector.graph)

        const imported = await runCommand(
          ['import', '--changes', '--url', collector.url, '--notes-dir', dir, file],
          env,
        )

        expect(imported.code).toBe(0)
        await collector.merged(
          texts.flatMap((text) => (text.startsWith('{"id"') ? [String(JSON.parse(text).id)] : [])),
        )
        expect(withoutLoneTags(await dumpGraph(collector.graph))).toEqual(withoutLoneTags(before))
      } finally {
        await rm(dir, { recursive: true })
      }
    },
    testMsMax,
  )

  it('is the same whether it or the events came first', async () => {
    const events = [
      received(loadAt(past, 'gold')),
      received(loadAt('2026-11-22T11:00:00Z', 'silver', 'mine')),
    ]
    const thing = { kind: 'dataset', namespace: 'db', name: 'orders' } as const
    await mergeInBatches(collector.graph, events.slice(0, 1), 1)
    await putPeopleChange(collector.graph, { change: { kind: 'TAGGED', thing, tag: 'mine' }, by: 'a test' })
    await putPeopleChange(collector.graph, {
      change: { kind: 'TAGGED', thing: { ...thing, kind: 'field', field: 'id' }, tag: 'key' },
      by: 'a test',
    })
    await putPeopleChange(collector.graph, { change: { kind: 'HIDDEN', thing }, by: 'a test' })
    await mergeInBatches(collector.graph, events.slice(1), 1)
    const changes = await readChanges(collector.graph)
    const expected = await dumpGraph(collector.graph)

    await wipeGraph(collector.graph)
    await writeChanges(collector.graph, changes)
    await mergeInBatches(collector.graph, events.toReversed(), 1)
    const changesFirst = await dumpGraph(collector.graph)
    await wipeGraph(collector.graph)
    await mergeInBatches(collector.graph, events, 2)
    await writeChanges(collector.graph, changes)
    await applyWrittenChanges(collector.graph, { changes, signal: new AbortController().signal })

    expect(changesFirst).toEqual(expected)
    expect(await dumpGraph(collector.graph)).toEqual(expected)
  })
})

/** A Tag stays once it is named: one that was taken away from all that had it stands there until the graph is made anew. */
function withoutLoneTags(dump: readonly string[]): string[] {
  return dump.filter((line) => !line.startsWith('(Tag gone') && !line.startsWith('(Tag mine'))
}
