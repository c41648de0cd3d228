import { TLSSocket } from 'node:tls'
import type { RequestHandler } from 'express'

/** Nothing in an answer is to be run, framed or loaded; a page that needs more says so itself. */
const contentSecurityPolicy =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const oneYearSeconds = 365 * 24 * 60 * 60

/** What every answer tells browsers. */
export function setSecurityHeaders(): RequestHandler {
  return (request, response, next) => {
    response.setHeader('X-Content-Type-Options', 'nosniff')
    response.setHeader('Referrer-Policy', 'no-referrer')
    response.setHeader('Content-Security-Policy', contentSecurityPolicy)
    // Over plain HTTP browsers have to ignore it.
    if (request.socket instanceof TLSSocket) {
      response.setHeader('Strict-Transport-Security', `max-age=${oneYearSeconds}`)
    }
    next()
  }
}
