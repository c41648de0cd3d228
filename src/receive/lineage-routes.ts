import type { ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import { withDeadline } from '../http/deadline.ts'
import { toShortList, type Finding } from '../http/findings.ts'
import { Problem } from '../http/problem.ts'
import { requestIdOf } from '../http/request-log.ts'
import { writeBody } from '../http/write-body.ts'
import { QueueFull, QueueUnavailable } from '../queue/queue-errors.ts'
import type { QueuedEvent } from '../queue/queued-event.ts'
import { findingsMax } from '../validate/finding.ts'
import type { Verdict } from '../validate/validate-event.ts'
import type { ApiKeys } from './api-keys.ts'
import { parseEventText } from './parse-event.ts'
import { readBody } from './read-body.ts'
import { createRefusalLog } from './refusal-log.ts'
import { toQueuedEvent } from './to-queued-event.ts'

export interface ReceiveParts {
  keys: Pick<ApiKeys, 'check'>
  validate: (value: unknown) => Verdict
  /** `add` resolves once the event is durable. */
  queue: { add(event: QueuedEvent): Promise<void> }
  bodyBytesMax: number
  /** Latest answer after the body's last byte. */
  answerMsMax: number
  log: Pick<Logger, 'debug' | 'warn'>
}

/** The answer itself takes a moment: this much earlier we stop waiting. */
const answerMsSpare = 50
const coreVersion = '2-0-2'

/** POST /api/v1/lineage: one event; 201 once the queue holds it for good. */
export function receiveEvent(parts: ReceiveParts): RequestHandler {
  const { keys, validate, queue, bodyBytesMax, answerMsMax, log } = parts
  const noteRefusal = createRefusalLog(log)
  return async (request, response) => {
    keys.check(request.headers.authorization)
    const body = await readBody(request, { bodyBytesMax })
    const receivedAt = new Date().toISOString()
    const { warnings, brokenFacets } = validateEvent(validate, parseEventText(body.text))

    const requestId = requestIdOf(response)
    const enqueue = async () => {
      const event = await toQueuedEvent(body, { requestId, receivedAt, brokenFacets })
      await queue.add(event)
      return event.id
    }
    const msLeft = body.endedAt + answerMsMax - answerMsSpare - performance.now()
    const id = await withDeadline(enqueue(), { ms: msLeft, late: toLate }).catch((error: unknown) => {
      const refusal = toRefusal(error)
      if (refusal !== undefined) noteRefusal(error)
      throw refusal ?? error
    })

    log.debug({ requestId, id, bytes: body.text.length, warnings: warnings.length }, 'event accepted')
    writeAccepted(response, { id, warnings })
  }
}

function validateEvent(
  validate: ReceiveParts['validate'],
  value: unknown,
): { warnings: Finding[]; brokenFacets: string[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw toNotAnEvent(value)
  const verdict = validate(value)
  if (verdict.ok) return verdict
  const { kind, problems } = verdict
  const detail =
    kind === 'unknown' ? 'An event has run and job, or job, or dataset.' : toCount(problems, kind)
  throw new Problem('event-invalid', { detail, errors: problems })
}

function toCount(problems: readonly Finding[], kind: string): string {
  const orMore = problems.length >= findingsMax ? ' or more' : ''
  const values = problems.length === 1 ? '1 value differs' : `${problems.length}${orMore} values differ`
  return `${values} from ${kind} ${coreVersion}.`
}

function toNotAnEvent(value: unknown): Problem {
  if (Array.isArray(value)) {
    return new Problem('event-invalid', { detail: 'The body is an array. Send one event per request.' })
  }
  const what = value === null ? 'null' : `a ${typeof value}`
  return new Problem('event-invalid', { detail: `The body is ${what}. Send one event as a JSON object.` })
}

function toLate(): QueueUnavailable {
  return new QueueUnavailable('the queue did not answer in time')
}

/** What the caller hears where the queue does not take the event now; undefined for every other trouble. */
function toRefusal(error: unknown): Problem | undefined {
  if (error instanceof QueueUnavailable) {
    const detail = 'Redis does not answer. Nothing is wrong with the event: send it again.'
    return new Problem('queue-unavailable', { detail, cause: error })
  }
  if (error instanceof QueueFull) {
    const detail = 'Too many events wait for the graph. Nothing is wrong with this one: send it again.'
    return new Problem('queue-full', { detail, cause: error })
  }
  return undefined
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
