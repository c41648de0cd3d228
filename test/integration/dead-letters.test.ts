import { cypher } from '../../src/graph/cypher.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { aRunEvent } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { wipeGraph } from '../support/graph-dump.ts'

let collector: Collector

const letters = '/api/v2/dead-letters'
const hourMs = 3_600_000

beforeAll(async () => {
  collector = await startCollector()
  await wipeGraph(collector.graph)
})

afterEach(async () => {
  await collector.ask('POST', `${letters}/drop`, JSON.stringify({ all: true }))
})

afterAll(async () => {
  await wipeGraph(collector.graph)
  await collector.close()
})

/** An event from a clock that is days ahead. */
function anEventAhead(name: string, days = 3): string {
  const eventTime = new Date(Date.now() + days * 24 * hourMs).toISOString()
  return JSON.stringify(aRunEvent({ eventTime, job: { namespace: 'letters', name } }))
}

async function makeLetters(...names: string[]): Promise<string[]> {
  const answers = []
  for (const name of names) answers.push(await collector.post(anEventAhead(name)))
  await eventually(async () => (await collector.deadLetters.count()) === names.length)
  return answers.map(({ body }) => String(body['id']))
}

describe('an event that became a dead letter', () => {
  it('is listed and explained', async () => {
    const [id = ''] = await makeLetters('explained', 'another')

    const list = await collector.ask('GET', `${letters}?kind=EVENT_AHEAD&producer=example.com&from=1h`)
    const { status, body } = await collector.ask('GET', `${letters}/${id}`)

    expect(list.body).toMatchObject({
      deadLetters: [{ subject: 'another (letters)' }, { subject: 'explained (letters)' }],
      total: 2,
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id,
      kind: 'EVENT_AHEAD',
      reason: expect.stringContaining('more than 24 h ahead of its arrival'),
      pointer: '#/eventTime',
      standard: { schema: 'BaseEvent 2-0-2', path: 'eventTime' },
      sameKind: 2,
      event: { job: { name: 'explained' } },
    })
  })

  it('is in the graph once it was edited, under the id of its new text', async () => {
    const [id = ''] = await makeLetters('edited')
    const text = JSON.stringify((await collector.ask('GET', `${letters}/${id}/event`)).body)
    const edited = text.replace(/"eventTime":"[^"]+"/, '"eventTime":"2026-11-01T00:00:00Z"')

    const { status, body } = await collector.ask('POST', `${letters}/${id}/retry`, edited)

    expect(status).toBe(200)
    expect(body).toMatchObject({ replaced: id, warnings: [] })
    await collector.merged([String(body['id'])])
    expect(await collector.deadLetters.count()).toBe(0)
    const jobs = await collector.graph.inRead((tx) =>
      tx.run(cypher`MATCH (j:Job {namespace: 'letters', name: 'edited'}) RETURN j.name AS name`),
    )
    expect(jobs).toEqual([{ name: 'edited' }])
  })

  it('becomes one again where nothing has changed, and the tries are counted anew', async () => {
    const [id = ''] = await makeLetters('again')
    const [before] = (await collector.deadLetters.list({ limit: 1 })).letters

    const { status } = await collector.ask('POST', `${letters}/${id}/retry`)

    expect(status).toBe(200)
    await eventually(async () => {
      const [letter] = (await collector.deadLetters.list({ limit: 1 })).letters
      return letter !== undefined && letter.lastAt > (before?.lastAt ?? '')
    })
    expect(await collector.deadLetters.count()).toBe(1)
  })

  it('goes back with many others, and stays away when they are dropped', async () => {
    const ids = await makeLetters('one', 'two', 'three')

    const retried = await collector.ask('POST', `${letters}/retry`, JSON.stringify({ ids: ids.slice(0, 2) }))
    await eventually(async () => (await collector.deadLetters.count()) === 3)
    const groups = await collector.ask('GET', `${letters}/groups`)
    const dropped = await collector.ask('POST', `${letters}/drop`, JSON.stringify({ kind: 'EVENT_AHEAD' }))

    expect(retried.body).toEqual({ retried: 2 })
    expect(groups.body).toEqual({
      groups: [{ kind: 'EVENT_AHEAD', producer: 'https://example.com/producer', letters: 3 }],
    })
    expect(dropped.body).toEqual({ dropped: 3 })
    expect(await collector.deadLetters.count()).toBe(0)
  })
})

describe('the kinds of warning of an event', () => {
  it('stand on its Event node, and nothing where there were none', async () => {
    const odd = JSON.stringify(
      aRunEvent({ eventTime: '2026-11-22T10:00:00', run: { runId: 'r', facets: { parent: 7 } } }),
    )
    const { body } = await collector.post(odd)
    const clean = await collector.post(
      JSON.stringify(aRunEvent({ job: { namespace: 'letters', name: 'clean' } })),
    )
    const ids = [String(body['id']), String(clean.body['id'])]
    await collector.merged(ids)

    const rows = await collector.graph.inRead((tx) =>
      tx.run(cypher`UNWIND $ids AS id MATCH (e:Event {id: id}) RETURN e.warnings AS warnings`, { ids }),
    )

    expect(rows).toEqual([
      { warnings: ['FACET_INVALID', 'RUN_ID_NO_UUID', 'TIME_WITHOUT_ZONE'] },
      { warnings: null },
    ])
  })
})
