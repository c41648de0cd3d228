import type { Request, RequestHandler, Response } from 'express'
import { seesAll, type Access, type Reader, type Scope } from './access.ts'
import { readParameters, type JsonSchema, type Parameters, type ValuesOf } from './parameters.ts'
import type { ProblemName } from './problem.ts'
import { queryOf } from './request-values.ts'

export type Method = 'get' | 'post' | 'put' | 'delete'

/** One thing that can be asked over HTTP: what it takes and gives, described once, for the code and for OpenAPI. */
export interface Operation<P extends Parameters = Parameters, Q extends Parameters = Parameters> {
  /** Unique over all operations, a verb first: `listJobs`. */
  id: string
  method: Method
  /** With Express's parameters: `/api/v2/jobs/:namespace/:name`. */
  path: string
  /** The group that it is listed in. */
  tag: string
  summary: string
  description?: string
  /** Undefined where nobody needs a key. */
  scope: Scope | undefined
  inPath: P
  inQuery: Q
  /** Parameters that nobody knows are no mistake: of an API that others have made, and whose clients send what they like. */
  takesOthers?: true
  /** Of a body that is sent. */
  body?: { description: string; mediaTypes: Readonly<Record<string, JsonSchema>> }
  answer: { status: number; description: string; mediaTypes: Readonly<Record<string, JsonSchema>> }
  /** What else it may answer, beside what every operation may. */
  problems: readonly ProblemName[]
}

/** What a handler is given: who asks, and for what. */
export interface Asked<P extends Parameters, Q extends Parameters> {
  path: ValuesOf<P>
  query: ValuesOf<Q>
  reader: Reader
  request: Request
  response: Response
}

/** An operation with what answers it. */
export interface Endpoint {
  operation: Operation
  handle: (access: Access) => RequestHandler
}

/** Joins an operation and what answers it. The answer is written by the handler. */
export function endpoint<P extends Parameters, Q extends Parameters>(
  operation: Operation<P, Q>,
  answer: (asked: Asked<P, Q>) => Promise<void>,
): Endpoint {
  return {
    operation,
    handle: (access) => async (request, response) => {
      const reader =
        operation.scope === undefined
          ? seesAll
          : access.require(request.headers.authorization, operation.scope)
      const query = queryOf(request)
      const inPath = (name: string) => {
        const value = request.params[name]
        return typeof value === 'string' ? [value] : []
      }
      await answer({
        path: readParameters(operation.inPath, inPath, []),
        query: readParameters(
          operation.inQuery,
          (name) => query.getAll(name),
          operation.takesOthers === true ? [] : [...query.keys()],
        ),
        reader,
        request,
        response,
      })
    },
  }
}
