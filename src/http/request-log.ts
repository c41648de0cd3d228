import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'
import type { Logger } from '../logger.ts'

const requestIdHeader = 'x-request-id'
// It goes into logs and into the `instance` of problems, so it must be short and safe in a URL.
const saneRequestId = /^[\w.:-]{1,128}$/

/** Gives every request its id, the caller's own where it is sane, and logs one debug line for each. */
export function logRequests(log: Logger): RequestHandler {
  return (request, response, next) => {
    const requestId = toRequestId(request.headers[requestIdHeader])
    response.setHeader(requestIdHeader, requestId)
    if (log.isLevelEnabled('debug')) {
      const startedAt = performance.now()
      // The query stays out: people put secrets there.
      const { method, path } = request
      response.once('close', () => {
        const ms = Math.round(performance.now() - startedAt)
        const status = response.writableFinished ? response.statusCode : undefined
        log.debug({ requestId, method, path, status, ms }, status ? 'request answered' : 'request abandoned')
      })
    }
    next()
  }
}

/** The id that `logRequests` gave; the answer carries it, so that a caller can quote it. */
export function requestIdOf(response: ServerResponse): string {
  return String(response.getHeader(requestIdHeader))
}

function toRequestId(sent: string | string[] | undefined): string {
  return typeof sent === 'string' && saneRequestId.test(sent) ? sent : randomUUID()
}
