import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { isJsonObject } from '../openlineage/json-object.ts'
import type { DeadLetter, DeadLetterSummary } from '../queue/dead-letters.ts'
import { faultKinds } from '../queue/fault.ts'
import type { PlaceFinder, StandardPlace } from '../validate/standard-place.ts'
import type { Verdict } from '../validate/validate-event.ts'
import { toEventKind } from '../validate/structure.ts'

export interface ExplainOptions {
  validate: (value: unknown) => Verdict
  findPlace: PlaceFinder
  /** Letters of the same kind from the same producer, this one included. */
  sameKind: number
}

/** A finding, and where the standard speaks of it. */
interface PlacedFinding {
  pointer: string
  detail: string
  standard?: StandardPlace
}

/** A dead letter as the API shows it, but for its event. */
export interface ShownLetter {
  id: string
  kind: string
  reason: string
  pointer?: string
  producer: string | null
  subject: string | null
  eventTime: string | null
  eventType: string | null
  firstAt: string
  lastAt: string
  attempts: number
  bytes: number
}

export interface ExplainedLetter extends ShownLetter {
  meaning: string
  advice: string
  standard?: StandardPlace
  sameKind: number
  receivedAt: string
  requestId: string
  /** What the validator says of the event now. */
  findings: PlacedFinding[]
}

const inflate = promisify(gunzip)

export function toShownLetter({
  label,
  event: _event,
  ...letter
}: DeadLetterSummary & { event?: unknown }): ShownLetter {
  const { producer, subject, eventTime, eventType } = label ?? {}
  return {
    ...letter,
    producer: producer ?? null,
    subject: subject ?? null,
    eventTime: eventTime ?? null,
    eventType: eventType ?? null,
  }
}

/**
 * Says of a dead letter what is wrong, where in the event and in the standard, and what to do.
 * @param text the event's, undefined where it is damaged
 */
export function explainDeadLetter(
  letter: DeadLetter,
  text: string | undefined,
  { validate, findPlace, sameKind }: ExplainOptions,
): ExplainedLetter {
  const { meaning, advice } = faultKinds[letter.kind]
  const value: unknown = text === undefined ? undefined : JSON.parse(text)
  const kind = (isJsonObject(value) ? toEventKind(value) : undefined) ?? 'RunEvent'
  const toPlace = (pointer: string | undefined) => {
    const standard = pointer === undefined ? undefined : findPlace(pointer, kind)
    return standard === undefined ? {} : { standard }
  }
  const verdict = value === undefined ? undefined : validate(value)
  const findings = verdict === undefined ? [] : verdict.ok ? verdict.warnings : verdict.problems
  return {
    ...toShownLetter(letter),
    meaning,
    advice,
    ...toPlace(letter.pointer),
    sameKind,
    receivedAt: letter.event.receivedAt,
    requestId: letter.event.requestId,
    findings: findings.map((finding) => ({ ...finding, ...toPlace(finding.pointer) })),
  }
}

/** The event's text as it was received; undefined where the queue holds another. */
export async function readLetterText({ event }: DeadLetter): Promise<string | undefined> {
  try {
    const text = (await inflate(Buffer.from(event.payload, 'base64'))).toString('utf8')
    JSON.parse(text)
    return text
  } catch {
    return undefined
  }
}
