import { createHash } from 'node:crypto'
import type { Request, Response } from 'express'
import { writeBody } from './write-body.ts'

/**
 * Answers a question with a value as JSON and an ETag over it: who asks again with If-None-Match and would get the same is told so
 * with 304 and no body.
 */
export function answerJson(
  { request, response }: { request: Request; response: Response },
  value: unknown,
): void {
  answerJsonText({ request, response }, JSON.stringify(value))
}

/** Likewise, with a text that is JSON already. */
export function answerJsonText(
  { request, response }: { request: Request; response: Response },
  body: string,
): void {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, etagChars)}"`
  // It may be kept, and has to be asked for again each time.
  const headers = { ETag: etag, 'Cache-Control': 'private, no-cache' }
  if (isKnown(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers)
    response.end()
    return
  }
  writeBody(response, { status: 200, contentType: 'application/json', headers, body })
}

const etagChars = 27

function isKnown(said: string | undefined, etag: string): boolean {
  const known = said?.split(',').map((one) => one.trim().replace(/^W\//, '')) ?? []
  return known.includes(etag) || known.includes('*')
}
