import type { Finding } from '../http/findings.ts'
import type { Redaction, Redactor } from '../redact/redactor.ts'
import type { Verdict } from '../validate/validate-event.ts'
import { judgeEvent, type Judgement, type Rejection } from './judge-event.ts'
import { parseEventText } from './parse-event.ts'
import type { Body } from './read-body.ts'

export interface JudgeParts {
  validate: (value: unknown) => Verdict
  redact: Redactor
}

export interface AcceptedText {
  ok: true
  /** What is hashed, queued and kept. */
  body: Pick<Body, 'text' | 'gzip'>
  accepted: Extract<Judgement, { ok: true }>
}

/**
 * Judges an event, and takes the secrets out of one that is accepted: out of its text, which is then judged again, so that nothing of
 * them is in what is made of it. What was redacted is said among the warnings; it is no reason to refuse, not even for a strict
 * validator.
 * @param value what the text stands for
 */
export function judgeAndRedact(
  body: AcceptedText['body'],
  value: unknown,
  { validate, redact }: JudgeParts,
): AcceptedText | Rejection {
  const accepted = judgeEvent(value, validate)
  if (!accepted.ok) return accepted
  const redaction = redact(body.text)
  if (redaction === undefined) return { ok: true, body, accepted }
  const again = judgeEvent(parseEventText(redaction.text), validate)
  if (!again.ok) return again
  const warnings = [...toFindings(redaction), ...again.warnings]
  return { ok: true, body: { text: redaction.text }, accepted: { ...again, warnings } }
}

function toFindings({ count, pointers }: Redaction): Finding[] {
  return pointers.map((pointer, index) => ({
    pointer,
    detail: `looks like a secret and was redacted${count === 1 ? '' : `, ${index + 1} of ${count}`}`,
  }))
}
