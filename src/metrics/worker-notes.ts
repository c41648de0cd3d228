import { Counter, Histogram, type Registry } from 'prom-client'
import { faultKinds } from '../queue/fault.ts'
import type { MergeNotes, TriedBatch, WorkerNotes } from '../queue/worker-notes.ts'

const mergeSecondsBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const batchEventsBuckets = [1, 2, 5, 10, 25, 50, 100, 200, 300, 500, 1000]
/** Up to hours: an event waits as long as Neo4j is away. */
const visibleSecondsBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200]
const outcomes: readonly TriedBatch['outcome'][] = ['merged', 'passing', 'lasting']

/** What a worker counts. */
export function createWorkerNotes(registry: Registry, now: () => number = Date.now): WorkerNotes {
  return { ...createMergeNotes(registry, now), deadLetterMade: createDeadLetterNote(registry) }
}

function createMergeNotes(registry: Registry, now: () => number): MergeNotes {
  const registers = [registry]
  const batches = new Counter({
    name: 'headwater_worker_merge_batches_total',
    help: 'Tries to merge a batch, by outcome: merged, passing trouble (tried again), lasting trouble (parts tried, or dead letters).',
    labelNames: ['outcome'],
    registers,
  })
  const retries = new Counter({
    name: 'headwater_worker_merge_retries_total',
    help: 'Tries that followed one which ended in passing trouble.',
    registers,
  })
  const seconds = new Histogram({
    name: 'headwater_worker_merge_seconds',
    help: 'Seconds that a try to merge a batch took, whatever its outcome.',
    buckets: mergeSecondsBuckets,
    registers,
  })
  const sizes = new Histogram({
    name: 'headwater_worker_merge_batch_events',
    help: 'Events of the batches that were tried.',
    buckets: batchEventsBuckets,
    registers,
  })
  const merged = new Counter({
    name: 'headwater_worker_events_merged_total',
    help: 'Events that are in the graph; one that is merged again counts again.',
    registers,
  })
  const visible = new Histogram({
    name: 'headwater_worker_event_visible_seconds',
    help: 'Seconds from when the receiver had read an event to when the graph shows it.',
    buckets: visibleSecondsBuckets,
    registers,
  })
  for (const outcome of outcomes) batches.inc({ outcome }, 0)
  return {
    batchTried(batch) {
      batches.inc({ outcome: batch.outcome })
      if (batch.isRetry) retries.inc()
      seconds.observe(batch.seconds)
      sizes.observe(batch.events)
    },
    eventsMerged(events) {
      merged.inc(events.length)
      const at = now()
      for (const { receivedAt } of events) observeWait(visible, at - Date.parse(receivedAt))
    },
  }
}

/** The clocks of two machines differ: what seems to be seen before it came was seen at once. */
function observeWait(visible: Histogram, ms: number): void {
  if (!Number.isNaN(ms)) visible.observe(Math.max(0, ms) / 1000)
}

function createDeadLetterNote(registry: Registry): WorkerNotes['deadLetterMade'] {
  const made = new Counter({
    name: 'headwater_worker_dead_letters_total',
    help: 'Events that became dead letters, by why.',
    labelNames: ['kind'],
    registers: [registry],
  })
  for (const kind of Object.keys(faultKinds)) made.inc({ kind }, 0)
  return (kind) => made.inc({ kind })
}
