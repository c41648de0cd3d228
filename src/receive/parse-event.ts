import { isUtf8 } from 'node:buffer'
import { Problem } from '../http/problem.ts'

/**
 * The value that a body's text stands for.
 * @throws {Problem} `body-not-json`
 */
export function parseEventText(text: Buffer): unknown {
  if (text.length === 0) throw toNotJson('The body is empty.')
  if (!isUtf8(text)) throw toNotJson('The body is not UTF-8.')
  try {
    return JSON.parse(text.toString('utf8'))
  } catch (error) {
    throw toNotJson(describe(error), error)
  }
}

function toNotJson(what: string, cause?: unknown): Problem {
  return new Problem('body-not-json', { detail: `${what} Send one event as a JSON object.`, cause })
}

/** V8's message without the piece of the body it may quote: an answer goes into logs, a body must not. */
function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  if (message.startsWith('Unexpected end')) return 'The body ends too early.'
  const position = /at position (\d+)/.exec(message)?.[1]
  if (position !== undefined) return `The body breaks off being JSON at position ${position}.`
  const token = /^Unexpected token '(.{1,2})'/su.exec(message)?.[1]
  return token === undefined
    ? 'The body is not JSON.'
    : `The body has an unexpected ${JSON.stringify(token)}.`
}
