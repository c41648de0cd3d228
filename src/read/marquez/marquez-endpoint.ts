import { Problem } from '../../http/problem.ts'
import { endpoint, type Asked, type Endpoint, type Operation } from '../../http/operation.ts'
import type { Parameters } from '../../http/parameters.ts'

/** What the operations of Marquez's API say of themselves; the rest is alike for all. */
export type MarquezOperation<P extends Parameters, Q extends Parameters> = Pick<
  Operation<P, Q>,
  'id' | 'method' | 'path' | 'summary' | 'description' | 'inPath' | 'inQuery' | 'body'
> & {
  /** The name of the answer's schema. */
  gives: string
  status?: number
}

/**
 * An operation of Marquez's API: as lenient as Marquez with parameters that nobody knows, and with problems that say `code` and
 * `message`, as its web page reads them.
 */
export function marquezEndpoint<P extends Parameters, Q extends Parameters>(
  { gives, status = 200, ...said }: MarquezOperation<P, Q>,
  answer: (asked: Asked<P, Q>) => Promise<void>,
): Endpoint {
  const schema = { $ref: `#/components/schemas/${gives}` }
  const { operation, handle } = endpoint(
    {
      ...said,
      tag: 'marquez',
      scope: said.method === 'get' ? 'read' : 'admin',
      takesOthers: true,
      answer: { status, description: `As Marquez answers.`, mediaTypes: { 'application/json': schema } },
      problems: Object.keys(said.inPath).length > 0 ? ['node-unknown'] : [],
    },
    answer,
  )
  return {
    operation,
    handle: (access) => {
      const inner = handle(access)
      return async (request, response, next) => {
        try {
          await inner(request, response, next)
        } catch (error) {
          throw error instanceof Problem
            ? error.extend({ code: error.status, message: error.message })
            : error
        }
      }
    },
  }
}
