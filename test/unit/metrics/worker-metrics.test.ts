import { pino } from 'pino'
import type { StartedServer } from '../../../src/http/server.ts'
import { addProcessMetrics, createRegistry } from '../../../src/metrics/registry.ts'
import { createWorkerNotes } from '../../../src/metrics/worker-notes.ts'
import { EventRejected } from '../../../src/queue/event-rejected.ts'
import { createMergeBatcher, type MergeBatcherOptions } from '../../../src/queue/merge-batcher.ts'
import type { WorkerNotes } from '../../../src/queue/worker-notes.ts'
import { openWorkerDoor } from '../../../src/roles/worker-door.ts'
import { readVersion } from '../../../src/roles/version.ts'
import { aQueuedEvent, manyQueuedEvents } from '../../support/queued-events.ts'
import { send } from '../receive/receiver.ts'
import { readSamples } from './samples.ts'

class Passing extends Error {}

const log = pino({ level: 'silent' })
const receivedAt = '2026-01-02T03:04:05.000Z'
const threeSecondsLater = Date.parse(receivedAt) + 3000

let door: StartedServer
let notes: WorkerNotes
let isNeo4jUp = true

beforeEach(async () => {
  isNeo4jUp = true
  const registry = createRegistry({ version: readVersion() })
  notes = createWorkerNotes(registry, () => threeSecondsLater)
  const dependencies = { redis: () => Promise.resolve(true), neo4j: () => Promise.resolve(isNeo4jUp) }
  door = await openWorkerDoor({ host: '', workerPort: 0 }, { dependencies, registry, log })
})

afterEach(async () => {
  await door.close()
})

async function readMetrics(): Promise<Record<string, number>> {
  const { text } = await send({ port: door.port, method: 'GET', path: '/metrics' })
  return readSamples(text)
}

function aBatcher(merge: MergeBatcherOptions['merge']) {
  return createMergeBatcher({
    merge,
    isPassing: (error) => error instanceof Passing,
    giveUp: async (_event, { kind }) => await Promise.resolve(notes.deadLetterMade(kind)),
    eventsMax: 100,
    bytesMax: 1_000_000,
    writers: 1,
    log,
    notes,
  })
}

describe('GET /metrics of a worker', () => {
  it('counts the batches and events that it merged, and how long they took to be seen', async () => {
    const events = manyQueuedEvents(6).map((event) => ({ ...event, receivedAt }))

    await aBatcher(() => Promise.resolve()).settle(events)
    const samples = await readMetrics()

    expect(samples).toMatchObject({
      'headwater_worker_merge_batches_total{outcome="merged"}': 1,
      'headwater_worker_merge_batches_total{outcome="passing"}': 0,
      headwater_worker_events_merged_total: 6,
      headwater_worker_merge_retries_total: 0,
      headwater_worker_merge_seconds_count: 1,
      'headwater_worker_merge_batch_events_bucket{le="5"}': 0,
      'headwater_worker_merge_batch_events_bucket{le="10"}': 1,
      headwater_worker_event_visible_seconds_sum: 18,
      headwater_worker_event_visible_seconds_count: 6,
    })
  })

  it('counts what it tried again, each event once', async () => {
    let troubles = 2
    const batcher = aBatcher(async () => {
      await Promise.resolve()
      troubles -= 1
      if (troubles >= 0) throw new Passing('away')
    })

    await batcher.settle([aQueuedEvent('one')])
    const samples = await readMetrics()

    expect(samples).toMatchObject({
      'headwater_worker_merge_batches_total{outcome="passing"}': 2,
      'headwater_worker_merge_batches_total{outcome="merged"}': 1,
      headwater_worker_merge_retries_total: 2,
      headwater_worker_merge_seconds_count: 3,
      headwater_worker_events_merged_total: 1,
    })
  })

  it('counts dead letters by kind, and what was merged beside them', async () => {
    const bad = aQueuedEvent('bad')
    const batcher = aBatcher(async (events) => {
      await Promise.resolve()
      if (events.some(({ id }) => id === bad.id)) {
        throw new EventRejected([{ eventId: bad.id, kind: 'EVENT_AHEAD', reason: 'Its clock is wrong.' }])
      }
    })

    await batcher.settle([bad, aQueuedEvent('good')])
    const samples = await readMetrics()

    expect(samples).toMatchObject({
      'headwater_worker_dead_letters_total{kind="EVENT_AHEAD"}': 1,
      'headwater_worker_dead_letters_total{kind="MERGE_FAILED"}': 0,
      'headwater_worker_merge_batches_total{outcome="lasting"}': 1,
      headwater_worker_events_merged_total: 1,
    })
  })

  it('takes an event from a clock that is ahead for one that was seen at once', async () => {
    const ahead = aQueuedEvent('ahead', { receivedAt: '2026-01-02T03:04:09.000Z' })

    await aBatcher(() => Promise.resolve()).settle([ahead])
    const samples = await readMetrics()

    expect(samples['headwater_worker_event_visible_seconds_sum']).toBe(0)
  })

  it('tells whether Redis and Neo4j answer, and which version runs', async () => {
    isNeo4jUp = false

    const samples = await readMetrics()

    expect(samples).toMatchObject({
      headwater_redis_up: 1,
      headwater_neo4j_up: 0,
      [`headwater_build_info{version="${readVersion()}"}`]: 1,
    })
    expect(readVersion()).toMatch(/^\d+\.\d+\.\d+/)
  })
})

describe('addProcessMetrics', () => {
  it('adds what Node.js tells of its process', async () => {
    const registry = createRegistry({ version: '1.2.3' })

    addProcessMetrics(registry)
    const samples = readSamples(await registry.metrics())

    expect(samples['nodejs_heap_size_used_bytes']).toBeGreaterThan(0)
    expect(samples['process_cpu_seconds_total']).toBeGreaterThanOrEqual(0)
  })
})
