import type { JsonSchema, Parameter, Parameters } from './parameters.ts'
import { problemCatalog, type ProblemName } from './problem.ts'
import type { Operation } from './operation.ts'

/** What every operation may answer. */
const commonProblems: readonly ProblemName[] = [
  'request-invalid',
  'key-unknown',
  'key-forbidden',
  'graph-unavailable',
]

/**
 * The OpenAPI document of operations.
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export function toOpenApi(
  operations: readonly Operation[],
  { version, schemas }: { version: string; schemas: Readonly<Record<string, JsonSchema>> },
): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const operation of operations) {
    const path = operation.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [operation.method]: toOperationObject(operation) }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Headwater',
      version,
      description: 'Lineage of data, jobs and runs. /api/v2 is our own; /api/v1 is what Marquez speaks.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }, {}],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A key of this collector.' } },
      schemas: { ...schemas, Problem: problemSchema },
    },
  }
}

/** The `application/problem+json` of RFC 9457, as the error handler writes it. */
const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong, and what to do.' },
    instance: { type: 'string' },
    errors: { type: 'array', items: { type: 'object' } },
  },
}

function toOperationObject(operation: Operation): JsonSchema {
  const { id, tag, summary, description, scope, inPath, inQuery, body, answer, problems } = operation
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: [description ?? '', toKeySentence(scope)].join('\n\n').trim(),
    ...(scope === undefined && { security: [] }),
    parameters: [...toParameterObjects(inPath, 'path'), ...toParameterObjects(inQuery, 'query')],
    ...(body !== undefined && {
      requestBody: { required: true, description: body.description, content: toContent(body.mediaTypes) },
    }),
    responses: {
      [answer.status]: { description: answer.description, content: toContent(answer.mediaTypes) },
      ...toProblemResponses([...commonProblems, ...problems]),
    },
  }
}

function toKeySentence(scope: Operation['scope']): string {
  return scope === undefined
    ? 'Needs no key.'
    : `Needs a key with the scope \`${scope}\`, where keys are set.`
}

function toParameterObjects(parameters: Parameters, place: 'path' | 'query'): JsonSchema[] {
  return Object.entries(parameters).map(
    ([name, { schema, description, isRequired }]: [string, Parameter<unknown>]) => ({
      name,
      in: place,
      required: place === 'path' || isRequired,
      description,
      schema,
    }),
  )
}

function toContent(mediaTypes: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return Object.fromEntries(Object.entries(mediaTypes).map(([type, schema]) => [type, { schema }]))
}

function toProblemResponses(names: readonly ProblemName[]): JsonSchema {
  const statuses = [...new Set(names.map((name) => problemCatalog[name].status))]
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
  return Object.fromEntries(
    statuses.map((status) => {
      const titles = names
        .filter((name) => problemCatalog[name].status === status)
        .map((name) => problemCatalog[name].title)
      return [status, { description: `${[...new Set(titles)].join('; ')}.`, content }]
    }),
  )
}
