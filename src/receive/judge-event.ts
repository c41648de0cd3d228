import type { Finding } from '../http/findings.ts'
import { findingsMax } from '../validate/finding.ts'
import type { Verdict } from '../validate/validate-event.ts'

/** What the door says of a parsed value: taken, or why not. */
export type Judgement = Extract<Verdict, { ok: true }> | Rejection

export interface Rejection {
  ok: false
  /** What is wrong, in a sentence: `2 values differ from RunEvent 2-0-2.` */
  detail: string
  errors: readonly Finding[]
}

const coreVersion = '2-0-2'

/** Judges a value out of a body. */
export function judgeEvent(value: unknown, validate: (value: unknown) => Verdict): Judgement {
  const kindOfValue = toKindOfNonEvent(value)
  if (kindOfValue !== undefined) {
    return { ok: false, detail: `An event is a JSON object, not ${kindOfValue}.`, errors: [] }
  }
  const verdict = validate(value)
  if (verdict.ok) return verdict
  const { kind, problems } = verdict
  const detail =
    kind === 'unknown' ? 'An event has run and job, or job, or dataset.' : toCount(problems, kind)
  return { ok: false, detail, errors: problems }
}

/** What a value is that cannot be an event, with its article; undefined for an object. */
export function toKindOfNonEvent(value: unknown): string | undefined {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? undefined : `a ${typeof value}`
}

function toCount(problems: readonly Finding[], kind: string): string {
  const orMore = problems.length >= findingsMax ? ' or more' : ''
  const values = problems.length === 1 ? '1 value differs' : `${problems.length}${orMore} values differ`
  return `${values} from ${kind} ${coreVersion}.`
}
