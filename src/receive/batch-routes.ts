import type { RequestHandler } from 'express'
import { Problem } from '../http/problem.ts'
import { requestIdOf } from '../http/request-log.ts'
import { writeBody } from '../http/write-body.ts'
import type { AddOutcome } from '../queue/bulk-add.ts'
import { QueueFull, type QueueUnavailable } from '../queue/queue-errors.ts'
import type { QueuedEvent } from '../queue/queued-event.ts'
import type { ReceiveParts } from './lineage-routes.ts'
import { ReceiverBusy } from './answer-deadline.ts'
import { prepareBatch, type FailedEvent, type PreparedBatch } from './prepare-batch.ts'
import { readBody } from './read-body.ts'
import { followed, type ReceiveNotes } from './receive-notes.ts'
import { createRefusalLog } from './refusal-log.ts'

export interface ReceiveBatchParts extends Pick<
  ReceiveParts,
  'access' | 'validate' | 'redact' | 'bodyBytesMax' | 'notes' | 'tracer' | 'log'
> {
  /** Tells of each event whether it is durable; what the signal finds unanswered counts as refused. */
  queue: { addMany(events: readonly QueuedEvent[], signal: AbortSignal): Promise<AddOutcome[]> }
  batchEventsMax: number
  /** Latest answer after the body's last byte. */
  batchAnswerMsMax: number
}

/** The answer itself takes a moment, as it may list every event: this much earlier we stop waiting. */
const answerMsSpare = 100

/** Where arrays of events are posted. */
export const batchPath = '/api/v1/lineage/batch'

/**
 * POST /api/v1/lineage/batch: an array of events; 200 once the queue holds for good what the answer does not list as failed.
 * Where the queue takes none of them, 503.
 */
export function receiveBatch(parts: ReceiveBatchParts): RequestHandler {
  const { access, validate, redact, queue, bodyBytesMax, batchEventsMax, batchAnswerMsMax, notes, log } =
    parts
  const noteRefusal = createRefusalLog(log)
  return followed(parts, { method: 'POST', route: batchPath }, async (request, response, brought) => {
    const { trace } = brought
    access.require(request.headers.authorization, 'send')
    const body = await readBody(request, { bodyBytesMax })
    const receivedAt = new Date().toISOString()
    notes.bodyRead(body.text.length)
    trace.note({ bytes: body.text.length })
    const requestId = requestIdOf(response)
    const msLeft = () => body.endedAt + batchAnswerMsMax - answerMsSpare - performance.now()
    const checkTime = () => {
      if (msLeft() > 0) return
      const detail = `The batch was not checked within ${batchAnswerMsMax} ms. Nothing is wrong with its events, and none is queued: send all of it again, or in smaller batches.`
      noteRefusal(new ReceiverBusy(detail))
      throw new Problem('receiver-busy', { detail })
    }
    const { traceparent } = trace
    const arrival = { requestId, receivedAt, traceparent }
    const options = { validate, redact, eventsMax: batchEventsMax, ...arrival, checkTime }
    const batch = await trace.inAsyncStep('validate', () => prepareBatch(body.text, options))
    brought.events = batch.received
    trace.note({ events: batch.received })
    checkTime()

    const signal = AbortSignal.timeout(Math.max(0, Math.floor(msLeft())))
    const events = batch.prepared.map(({ event }) => event)
    const outcomes = await trace.inAsyncStep('queue', () => queue.addMany(events, signal))
    const refusal = outcomes.find((outcome) => outcome !== undefined)
    if (refusal !== undefined) noteRefusal(refusal)
    const wasNoneTaken = refusal !== undefined && outcomes.every((outcome) => outcome !== undefined)
    if (wasNoneTaken) throw toProblem(refusal)

    noteOutcomes(notes, batch, outcomes)
    const answer = toAnswer(batch, outcomes)
    log.debug({ requestId, bytes: body.text.length, ...answer.summary }, 'batch accepted')
    writeBody(response, { status: 200, contentType: 'application/json', body: JSON.stringify(answer) })
  })
}

function noteOutcomes(
  notes: ReceiveNotes,
  { prepared, failed }: PreparedBatch,
  outcomes: readonly AddOutcome[],
): void {
  if (failed.length > 0) notes.eventsRefused('event-invalid', failed.length)
  prepared.forEach(({ kind }, position) => {
    const outcome = outcomes[position]
    if (outcome === undefined) notes.eventAccepted(kind)
    else notes.eventsRefused(toProblemName(outcome), 1)
  })
}

/** As the standard's OpenAPI has it; its 204 is never sent, as Java's client fails on an empty answer. */
interface BatchAnswer {
  status: 'success' | 'partial_success'
  summary: {
    received: number
    successful: number
    failed: number
    retriable: number
    non_retriable: number
  }
  failed_events: FailedEvent[]
}

function toAnswer(
  { received, prepared, failed }: PreparedBatch,
  outcomes: readonly AddOutcome[],
): BatchAnswer {
  const refused = prepared.flatMap(({ index }, position): FailedEvent[] => {
    const outcome = outcomes[position]
    return outcome === undefined ? [] : [{ index, reason: toReason(outcome), retriable: true }]
  })
  const all = [...failed, ...refused].toSorted((a, b) => a.index - b.index)
  return {
    status: all.length === 0 ? 'success' : 'partial_success',
    summary: {
      received,
      successful: received - all.length,
      failed: all.length,
      retriable: refused.length,
      non_retriable: failed.length,
    },
    failed_events: all,
  }
}

function toReason(refusal: QueueUnavailable | QueueFull): string {
  return refusal instanceof QueueFull
    ? 'Too many events wait for the graph. Nothing is wrong with this one: send it again.'
    : 'The queue did not take it in time. Nothing is wrong with the event: send it again.'
}

function toProblem(refusal: QueueUnavailable | QueueFull): Problem {
  const why =
    refusal instanceof QueueFull
      ? 'Too many events wait for the graph.'
      : 'The queue did not take the batch in time.'
  const detail = `${why} Nothing is wrong with its events, and none is known to be queued: send all of it again.`
  return new Problem(toProblemName(refusal), { detail, cause: refusal })
}

function toProblemName(refusal: QueueUnavailable | QueueFull): 'queue-full' | 'queue-unavailable' {
  return refusal instanceof QueueFull ? 'queue-full' : 'queue-unavailable'
}
