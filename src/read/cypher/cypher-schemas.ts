import type { JsonSchema } from '../../http/parameters.ts'

export const cypherSchemas: Readonly<Record<string, JsonSchema>> = {
  CypherQuery: {
    type: 'object',
    required: ['query'],
    additionalProperties: false,
    properties: {
      query: { type: 'string', minLength: 1, examples: ['MATCH (d:Dataset) RETURN d.name LIMIT $rows'] },
      parameters: { type: 'object', examples: [{ rows: 10 }] },
    },
  },
  CypherRows: {
    type: 'object',
    required: ['columns', 'rows', 'truncated'],
    additionalProperties: false,
    properties: {
      columns: { type: 'array', items: { type: 'string' } },
      rows: { type: 'array', items: { type: 'array', description: 'A value for each column.' } },
      truncated: { type: 'boolean', description: 'Whether rows are missing at the end.' },
      truncatedBy: {
        enum: ['rows', 'bytes', 'time', 'failed'],
        description: 'The limit that was met, or that the query failed on the way.',
      },
      detail: { type: 'string', description: 'What went wrong, and what to do.' },
    },
  },
}
