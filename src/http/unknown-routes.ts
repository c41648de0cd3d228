import type { RequestHandler } from 'express'
import { Problem } from './problem.ts'

/** For paths that no route has. */
export function refusePath(): RequestHandler {
  return (request) => {
    throw new Problem('route-unknown', {
      detail: `${request.method} ${shortPath(request.path)} is unknown. Events go to POST /api/v1/lineage.`,
    })
  }
}

/** For methods that a path does not take. */
export function refuseMethod(allowed: readonly string[]): RequestHandler {
  const allow = allowed.join(', ')
  return (request) => {
    throw new Problem('method-not-allowed', {
      detail: `${shortPath(request.path)} takes ${allow}, not ${request.method}.`,
      headers: { Allow: allow },
    })
  }
}

const pathCharsMax = 100

function shortPath(path: string): string {
  return path.length > pathCharsMax ? `${path.slice(0, pathCharsMax)}…` : path
}
