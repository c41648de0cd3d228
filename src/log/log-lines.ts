import { gunzipSync } from 'node:zlib'
import { toOneLine } from './json-text.ts'
import type { LoggedChange, LoggedEvent } from './logged-event.ts'

/**
 * An event as a line of its own: its text, byte for byte where it has no line break. One with line breaks goes without the white
 * space between its values, and so gets another id where it is taken in again.
 */
export function toPlainLine(event: LoggedEvent): { line: string; isRewritten: boolean } {
  const text = toText(event)
  const isRewritten = /[\r\n]/.test(text)
  return { line: isRewritten ? toOneLine(text) : text, isRewritten }
}

/** An event in its envelope: everything the log knows of it that the text does not say, and the text exactly. */
export function toEnvelopeLine(event: LoggedEvent): string {
  return JSON.stringify({ id: event.id, receivedAt: event.receivedAt, text: toText(event) })
}

export function toChangeLine({ id, at, kind, payload, by }: LoggedChange): string {
  return JSON.stringify({ change: { id, at, kind, payload, ...(by !== undefined && { by }) } })
}

/** An Event node whose text cannot be read any more. */
export class DamagedPayload extends Error {
  override readonly name = 'DamagedPayload'
}

function toText({ id, payload }: LoggedEvent): string {
  try {
    return gunzipSync(payload).toString('utf8')
  } catch (cause) {
    throw new DamagedPayload(`The payload of the event ${id} is no gzip stream.`, { cause })
  }
}
