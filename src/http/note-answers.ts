import type { Request, RequestHandler } from 'express'

/** How a request went. Each of its texts is one of few, whatever callers send. */
export interface NotedAnswer {
  /** In capitals; `other` for one that no route takes. */
  method: string
  /** The pattern of the route, `/problems/:name`; `unknown` where there is none. */
  route: string
  /** The status, or `abandoned` where the caller left before the answer was out. */
  status: string
  seconds: number
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE'])

/** Tells of each request once its answer is out, with the seconds since its head came in. */
export function noteAnswers(note: (answer: NotedAnswer) => void): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now()
    response.once('close', () => {
      note({
        method: methods.has(request.method) ? request.method : 'other',
        route: toRoute(request),
        status: response.writableFinished ? String(response.statusCode) : 'abandoned',
        seconds: (performance.now() - startedAt) / 1000,
      })
    })
    next()
  }
}

// Express forgets nothing of the route that took the request, and has none for a path that nobody takes.
function toRoute(request: Request): string {
  const route: unknown = request.route
  const isRoute = typeof route === 'object' && route !== null && 'path' in route
  return isRoute && typeof route.path === 'string' ? route.path : 'unknown'
}
