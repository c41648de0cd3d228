import type { ErrorRequestHandler } from 'express'
import type { Logger } from '../logger.ts'
import { discardRest } from './discard-rest.ts'
import { Problem } from './problem.ts'
import { requestIdOf } from './request-log.ts'
import { writeBody } from './write-body.ts'

/** The last in the chain, and the only one that writes `application/problem+json`. */
export function handleErrors(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const requestId = requestIdOf(response)
    const nobodyListens = response.headersSent || request.socket.destroyed
    const expected = toExpected(error)
    if (expected === undefined && !isAbandoned(error)) {
      log.error({ err: error, requestId }, 'request failed unexpectedly')
    }
    if (nobodyListens) {
      request.socket.destroy()
      return
    }
    const problem = expected ?? toUnexpected(error)
    writeBody(response, {
      status: problem.status,
      contentType: 'application/problem+json',
      headers: problem.headers,
      body: problem.toJson(`/requests/${requestId}`),
    })
    discardRest(request)
  }
}

function toExpected(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error
  // The router's, where it cannot decode a part of the path.
  if (!(error instanceof URIError)) return undefined
  const detail = 'The path has a % that begins no character in UTF-8. A percent sign itself is written %25.'
  return new Problem('request-invalid', { detail, cause: error })
}

/** The client went away before its request was whole: nothing to answer, nothing to repair. */
export class RequestAbandoned extends Error {
  override readonly name = 'RequestAbandoned'
}

function isAbandoned(error: unknown): boolean {
  return error instanceof RequestAbandoned
}

// A 503 and never a 500: Spark's client gives up for good on a 500, and an event may be lost.
function toUnexpected(cause: unknown): Problem {
  return new Problem('unexpected', { detail: 'Send it again; the collector’s log says more.', cause })
}
