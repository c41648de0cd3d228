import { isUtf8 } from 'node:buffer'
import { Problem } from '../http/problem.ts'

/**
 * The value that a body's text stands for.
 * @throws {Problem} `body-not-json`
 */
export function parseEventText(text: Buffer): unknown {
  const advice = 'Send one event as a JSON object.'
  checkText(text, advice)
  return parseJson(text, { what: 'The body', advice })
}

/** @throws {Problem} `body-not-json` where there is no text, or one that is not UTF-8 */
export function checkText(text: Buffer, advice: string): void {
  if (text.length === 0) throw toNotJson(`The body is empty. ${advice}`)
  if (!isUtf8(text)) throw toNotJson(`The body is not UTF-8. ${advice}`)
}

/**
 * The value of a text that is UTF-8; `what` names it.
 * @throws {Problem} `body-not-json`
 */
export function parseJson(text: Buffer, { what, advice }: { what: string; advice: string }): unknown {
  try {
    return JSON.parse(text.toString('utf8'))
  } catch (error) {
    throw toNotJson(`${describe(error, what)} ${advice}`, error)
  }
}

function toNotJson(detail: string, cause?: unknown): Problem {
  return new Problem('body-not-json', { detail, cause })
}

/** V8's message without the piece of the body it may quote: an answer goes into logs, a body must not. */
function describe(error: unknown, what: string): string {
  const message = error instanceof Error ? error.message : ''
  if (message.startsWith('Unexpected end')) return `${what} ends too early.`
  const position = /at position (\d+)/.exec(message)?.[1]
  if (position !== undefined) return `${what} breaks off being JSON at position ${position}.`
  const token = /^Unexpected token '(.{1,2})'/su.exec(message)?.[1]
  return token === undefined ? `${what} is not JSON.` : `${what} has an unexpected ${JSON.stringify(token)}.`
}
