import { Counter, Histogram, type Registry } from 'prom-client'
import type { Dependencies } from '../http/health-routes.ts'
import type { NotedAnswer } from '../http/note-answers.ts'
import type { ProblemName } from '../http/problem.ts'
import { eventKinds } from '../openlineage/events.ts'
import type { ReceiveNotes } from '../receive/receive-notes.ts'
import { createDependencyGauges } from './dependency-gauges.ts'
import { createQueueGauges, type QueueSources } from './queue-gauges.ts'
import { createReading } from './registry.ts'

export interface ReceiverMetrics {
  notes: ReceiveNotes
  noteAnswer: (answer: NotedAnswer) => void
  /** All of it as Prometheus reads it; what others have to be asked for is asked now. */
  read: () => Promise<string>
}

/** From a small event to the largest body that is taken by default. */
const bodyBytesBuckets = [1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 33_554_432]
/** The last ones are for batches, and for queries. */
const answerSecondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30]
/** Told as 0 from the start, so that Prometheus sees the first one as a rise. */
const refusals: readonly ProblemName[] = [
  'body-not-json',
  'body-undecodable',
  'body-too-large',
  'batch-invalid',
  'batch-too-long',
  'encoding-unsupported',
  'event-invalid',
  'key-forbidden',
  'key-unknown',
  'media-type-unsupported',
  'queue-full',
  'queue-unavailable',
  'receiver-busy',
  'unexpected',
]

/** What a receiver counts. */
export function createReceiverMetrics(
  registry: Registry,
  { queue, dependencies }: { queue: QueueSources; dependencies: Dependencies },
): ReceiverMetrics {
  return {
    notes: createReceiveNotes(registry),
    noteAnswer: createAnswerNote(registry),
    read: createReading(registry, [
      createQueueGauges(registry, queue),
      createDependencyGauges(registry, dependencies),
    ]),
  }
}

function createReceiveNotes(registry: Registry): ReceiveNotes {
  const registers = [registry]
  const accepted = new Counter({
    name: 'headwater_receiver_events_accepted_total',
    help: 'Events that were answered with success: each is on disk.',
    labelNames: ['kind'],
    registers,
  })
  const refused = new Counter({
    name: 'headwater_receiver_events_refused_total',
    help: 'Events that were refused, by the problem that their sender was told. A body that could not be read counts as one.',
    labelNames: ['problem'],
    registers,
  })
  const bodyBytes = new Histogram({
    name: 'headwater_receiver_body_bytes',
    help: 'Inflated bytes of the bodies that brought events.',
    buckets: bodyBytesBuckets,
    registers,
  })
  for (const kind of eventKinds) accepted.inc({ kind }, 0)
  for (const problem of refusals) refused.inc({ problem }, 0)
  return {
    bodyRead: (bytes) => bodyBytes.observe(bytes),
    eventAccepted: (kind) => accepted.inc({ kind }),
    eventsRefused: (problem, events) => refused.inc({ problem }, events),
  }
}

function createAnswerNote(registry: Registry): ReceiverMetrics['noteAnswer'] {
  const seconds = new Histogram({
    name: 'headwater_receiver_answer_seconds',
    help: 'Seconds from the head of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: answerSecondsBuckets,
    registers: [registry],
  })
  return ({ method, route, status, seconds: taken }) => seconds.observe({ method, route, status }, taken)
}
