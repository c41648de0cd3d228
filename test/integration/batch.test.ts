import { createHash } from 'node:crypto'
import { cypher } from '../../src/graph/cypher.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { aRunEvent, fixtureTexts } from '../support/events.ts'
import { dumpGraph, wipeGraph } from '../support/graph-dump.ts'

let collector: Collector

beforeAll(async () => {
  collector = await startCollector()
})

beforeEach(async () => {
  await wipeGraph(collector.graph)
})

afterAll(async () => {
  await wipeGraph(collector.graph)
  await collector.close()
})

const idOf = (text: string) => createHash('sha256').update(text).digest('hex')

describe('a batch of events', () => {
  it('makes the same graph as the same events sent one by one', async () => {
    const texts = fixtureTexts('airflow/data_lineage_example', 'spark/failing_job').map((text) => text.trim())
    const ids = texts.map(idOf)
    for (const text of texts) await collector.post(text)
    await collector.merged(ids)
    const alone = await dumpGraph(collector.graph)
    await wipeGraph(collector.graph)

    const answer = await collector.postBatch(`[\n${texts.join(' ,\n')}\n]`)

    expect(answer).toMatchObject({ status: 200, body: { status: 'success', summary: { failed: 0 } } })
    await collector.merged(ids)
    expect(await dumpGraph(collector.graph)).toEqual(alone)
    expect(alone.length).toBeGreaterThan(texts.length)
  })

  it('is merged but for its bad events', async () => {
    const good = JSON.stringify(aRunEvent({ job: { namespace: 'batch', name: 'good' } }))

    const { status, body } = await collector.postBatch(`[{"run":{}}, ${good}, 7]`)

    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'partial_success',
      summary: { received: 3, successful: 1, failed: 2, retriable: 0, non_retriable: 2 },
      failed_events: [{ index: 0 }, { index: 2 }],
    })
    await collector.merged([idOf(good)])
  })

  it('may have 10,000 events in one request', async () => {
    const runIds = Array.from(
      { length: 10_000 },
      (_, index) => `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    )
    const texts = runIds.map((runId) =>
      JSON.stringify(aRunEvent({ run: { runId }, job: { namespace: 'batch', name: 'many' } })),
    )

    const { status, body } = await collector.postBatch(`[${texts.join(',')}]`)

    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'success', summary: { received: 10_000, successful: 10_000 } })
    await collector.merged(texts.map(idOf))
    const [row] = await collector.graph.inRead((tx) =>
      tx.run(
        cypher`MATCH (r:Run)-[:RUN_OF]->(:Job {namespace: 'batch', name: 'many'}) RETURN count(r) AS runs`,
      ),
    )
    expect(row).toEqual({ runs: 10_000 })
  })
})
