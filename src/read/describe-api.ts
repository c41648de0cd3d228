import { answerJson } from '../http/answer-json.ts'
import { toOpenApi } from '../http/openapi.ts'
import { endpoint, type Endpoint, type Operation } from '../http/operation.ts'
import { answerSchemas } from './answer-schemas.ts'

const apiVersion = '2.0.0'

/** GET /api/openapi.json: all that can be asked, itself included. */
export function describeApi(others: readonly Operation[]): Endpoint {
  const own: Operation = {
    id: 'describeApi',
    method: 'get',
    path: '/api/openapi.json',
    tag: 'about',
    summary: 'This description',
    scope: 'read',
    inPath: {},
    inQuery: {},
    answer: {
      status: 200,
      description: 'An OpenAPI 3.1 document.',
      mediaTypes: { 'application/json': { type: 'object' } },
    },
    problems: [],
  }
  const document = toOpenApi([...others, own], { version: apiVersion, schemas: answerSchemas })
  // oxlint-disable-next-line typescript/require-await -- an endpoint's answer may have to wait; this one is made already
  return endpoint(own, async (asked) => answerJson(asked, document))
}
