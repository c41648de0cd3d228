import { isJsonObject } from '../openlineage/json-object.ts'

/** What a collector's answer says of the events of a request. */
export type Answer =
  | { kind: 'taken'; refused: Refusal[]; again: number[] }
  /** Nothing is wrong with the events: they are to be sent again, after so many milliseconds where it says so. */
  | { kind: 'later'; reason: string; afterMs: number | undefined }
  /** Smaller requests may do. */
  | { kind: 'too-large'; reason: string }
  /** The request as a whole is refused. */
  | { kind: 'refused'; reason: string }
  /** There is no such endpoint. */
  | { kind: 'absent'; reason: string }
  /** Nothing will be taken from us. */
  | { kind: 'closed'; reason: string }

/** An event that the collector will not take. */
export interface Refusal {
  /** Which of the request's events. */
  index: number
  reason: string
}

const laterStatuses: ReadonlySet<number> = new Set([408, 425, 429])
const absentStatuses: ReadonlySet<number> = new Set([404, 405, 501])
const closedStatuses: ReadonlySet<number> = new Set([401, 403])

export async function readAnswer(response: Response): Promise<Answer> {
  const { status } = response
  const body = await readBody(response)
  const reason = toReason(status, body)
  if (response.ok) return toTaken(body)
  if (absentStatuses.has(status)) return { kind: 'absent', reason }
  if (laterStatuses.has(status) || status >= 500)
    return { kind: 'later', reason, afterMs: readRetryAfterMs(response) }
  if (status === 413) return { kind: 'too-large', reason }
  if (closedStatuses.has(status) || status < 400) return { kind: 'closed', reason }
  return { kind: 'refused', reason }
}

/** The standard's answer to a batch names the events that failed; every other answer of success takes them all. */
function toTaken(body: unknown): Answer {
  const failed: unknown = isJsonObject(body) ? body['failed_events'] : undefined
  const events = Array.isArray(failed) ? failed.filter(isJsonObject) : []
  const refused: Refusal[] = []
  const again: number[] = []
  for (const { index, reason, retriable } of events) {
    if (typeof index !== 'number') continue
    if (retriable === true) again.push(index)
    else refused.push({ index, reason: typeof reason === 'string' ? reason : 'refused without a reason' })
  }
  return { kind: 'taken', refused, again }
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const reasonCharactersMax = 500

/** A problem's own sentence and what it points at, or whatever else the collector has answered. */
function toReason(status: number, body: unknown): string {
  if (!isJsonObject(body)) return `${status} ${String(body).slice(0, reasonCharactersMax)}`.trim()
  const { detail, message, errors } = body
  const sentence = [detail, message].find((text) => typeof text === 'string') ?? JSON.stringify(body)
  const findings = Array.isArray(errors) ? errors.filter(isJsonObject) : []
  const pointed = findings.map((finding) => `${String(finding['pointer'])} ${String(finding['detail'])}`)
  return [`${status} ${sentence}`, ...pointed].join('; ').slice(0, reasonCharactersMax)
}

function readRetryAfterMs(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined
}
