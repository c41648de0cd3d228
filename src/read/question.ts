import type { Endpoint, Operation } from '../http/operation.ts'
import { endpoint, type Asked } from '../http/operation.ts'
import type { Parameters } from '../http/parameters.ts'
import type { ProblemName } from '../http/problem.ts'

/** What differs between our questions: a GET that needs the scope `read` and answers JSON of a named schema. */
export interface Question<P extends Parameters, Q extends Parameters> {
  id: string
  path: string
  tag: string
  summary: string
  description?: string
  inPath: P
  inQuery: Q
  /** The name of the answer's schema. */
  schema: string
  /** What the answer is; the summary where it says so already. */
  gives?: string
  problems?: readonly ProblemName[]
}

/** The endpoint of a question. */
export function question<P extends Parameters, Q extends Parameters>(
  { schema, gives, problems = [], ...rest }: Question<P, Q>,
  answer: (asked: Asked<P, Q>) => Promise<void>,
): Endpoint {
  const operation: Operation<P, Q> = {
    ...rest,
    method: 'get',
    scope: 'read',
    answer: {
      status: 200,
      description: gives ?? rest.summary,
      mediaTypes: { 'application/json': { $ref: `#/components/schemas/${schema}` } },
    },
    problems,
  }
  return endpoint(operation, answer)
}
