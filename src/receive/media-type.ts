import { Problem } from '../http/problem.ts'

export type ContentCoding = 'identity' | 'gzip' | 'deflate'

const codings: ReadonlyMap<string, ContentCoding> = new Map([
  ['', 'identity'],
  ['identity', 'identity'],
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
])

/** `application/json`, `text/json`, `application/cloudevents+json`, …; what follows the semicolon is not our concern. */
const jsonType = /^\s*[\w.+-]+\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i
const ndjsonType = /ndjson|json-?lines|json-seq/i

/** JSON is UTF-8 whatever a charset says, and who sends no Content-Type at all most likely sends JSON. */
export function checkContentType(contentType: string | undefined): void {
  if (contentType === undefined || contentType.trim() === '' || jsonType.test(contentType)) return
  throw new Problem('media-type-unsupported', {
    detail: ndjsonType.test(contentType)
      ? 'Send one event per request, with Content-Type: application/json.'
      : 'Send the event with Content-Type: application/json.',
  })
}

export function toContentCoding(contentEncoding: string | undefined): ContentCoding {
  const coding = codings.get((contentEncoding ?? '').trim().toLowerCase())
  if (coding !== undefined) return coding
  throw new Problem('encoding-unsupported', {
    detail: 'Send the event with Content-Encoding gzip or deflate, or without any.',
  })
}
