import type { ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Access } from '../http/access.ts'
import { toShortList, type Finding } from '../http/findings.ts'
import { Problem } from '../http/problem.ts'
import { requestIdOf } from '../http/request-log.ts'
import { writeBody } from '../http/write-body.ts'
import { toEventKind, type EventKind } from '../openlineage/events.ts'
import type { QueuedEvent } from '../queue/queued-event.ts'
import { createAnswerDeadline } from './answer-deadline.ts'
import { toKindOfNonEvent } from './judge-event.ts'
import { parseEventText } from './parse-event.ts'
import { toRefusal } from './queue-refusal.ts'
import { readBody, type Body } from './read-body.ts'
import { judgeAndRedact, type AcceptedText, type JudgeParts } from './redact-event.ts'
import { followed, type Followers } from './receive-notes.ts'
import { createRefusalLog } from './refusal-log.ts'
import type { RequestTrace } from './request-trace.ts'
import { toQueuedEvent, toQueueEntry, type QueueEntry } from './to-queued-event.ts'

export interface ReceiveParts extends JudgeParts, Followers {
  access: Access
  /** `add` resolves once the event is durable. */
  queue: { add(event: QueuedEvent): Promise<void> }
  bodyBytesMax: number
  /** Latest answer after the body's last byte. */
  answerMsMax: number
  log: Pick<Logger, 'debug' | 'warn'>
}

/** Where events are posted. */
export const lineagePath = '/api/v1/lineage'

/** POST /api/v1/lineage: one event; 201 once the queue holds it for good. */
export function receiveEvent(parts: ReceiveParts): RequestHandler {
  const { access, queue, bodyBytesMax, answerMsMax, notes, log } = parts
  const noteRefusal = createRefusalLog(log)
  const place = { method: 'POST', route: lineagePath }
  return followed(parts, place, async (request, response, { trace }) => {
    access.require(request.headers.authorization, 'send')
    const sent = await readBody(request, { bodyBytesMax })
    const receivedAt = new Date().toISOString()
    notes.bodyRead(sent.text.length)
    const deadline = createAnswerDeadline({ endedAt: sent.endedAt, answerMsMax })
    trace.note({ bytes: sent.text.length })
    const { entry, kind, warnings } = takeEvent(sent, trace, parts)

    const requestId = requestIdOf(response)
    // What is late is queued all the same: whoever gives up sending it has not lost it.
    const enqueue = async () => {
      deadline.reach('compressed')
      const event = await toQueuedEvent(entry, { requestId, receivedAt })
      deadline.reach('queued')
      await queue.add(event)
      return event.id
    }
    const id = await deadline.wait(trace.inAsyncStep('queue', enqueue)).catch((error: unknown) => {
      const refusal = toRefusal(error)
      if (refusal !== undefined) noteRefusal(error)
      throw refusal ?? error
    })

    trace.note({ eventId: id })
    notes.eventAccepted(kind)
    log.debug({ requestId, id, bytes: entry.body.text.length, warnings: warnings.length }, 'event accepted')
    writeAccepted(response, { id, warnings })
  })
}

/** The event is let go of here: while hundreds wait for Redis, what was parsed of them would outlive several collections of garbage. */
function takeEvent(
  sent: Body,
  trace: RequestTrace,
  parts: ReceiveParts,
): { entry: QueueEntry; kind: EventKind; warnings: readonly Finding[] } {
  const { body, accepted } = trace.inStep('validate', () => acceptEvent(sent, parts))
  const { event, warnings } = accepted
  trace.note({ event })
  return { entry: toQueueEntry(body, accepted, trace.traceparent), kind: toEventKind(event), warnings }
}

function acceptEvent(sent: Body, parts: ReceiveParts): AcceptedText {
  const value = parseEventText(sent.text)
  const kind = toKindOfNonEvent(value)
  if (kind !== undefined) {
    const advice = Array.isArray(value)
      ? 'Send one event per request, or the array to /api/v1/lineage/batch.'
      : 'Send one event as a JSON object.'
    throw new Problem('event-invalid', { detail: `The body is ${kind}. ${advice}` })
  }
  const judgement = judgeAndRedact(sent, value, parts)
  if (judgement.ok) return judgement
  throw new Problem('event-invalid', judgement)
}

// A short JSON body, and 201: Spark's client fails on an empty answer, Go's on any other success.
function writeAccepted(
  response: ServerResponse,
  { id, warnings }: { id: string; warnings: readonly Finding[] },
): void {
  const { listed, more } = toShortList(warnings)
  const answer = { id, warnings: listed, ...(more > 0 && { moreWarnings: more }) }
  writeBody(response, { status: 201, contentType: 'application/json', body: JSON.stringify(answer) })
}
