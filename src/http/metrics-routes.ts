import type { RequestHandler } from 'express'
import { requireAllNamespaces, type Access } from './access.ts'
import { writeBody } from './write-body.ts'

/** Of Prometheus' text format. */
const contentType = 'text/plain; version=0.0.4; charset=utf-8'

/** GET /metrics: what is counted in this process. Without `access` nobody needs a key. */
export function answerMetrics({
  read,
  access,
}: {
  read: () => Promise<string>
  access?: Access
}): RequestHandler {
  return async (request, response) => {
    const reader = access?.require(request.headers.authorization, 'read')
    if (reader !== undefined) requireAllNamespaces(reader, { of: 'Metrics' })
    const body = await read()
    writeBody(response, { status: 200, contentType, headers: { 'Cache-Control': 'no-store' }, body })
  }
}
