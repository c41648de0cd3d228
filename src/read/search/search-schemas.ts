import type { JsonSchema } from '../../http/parameters.ts'
import { searchKinds } from './rank-candidates.ts'

export const searchSchemas: Readonly<Record<string, JsonSchema>> = {
  SearchPage: {
    type: 'object',
    required: ['results'],
    additionalProperties: false,
    properties: {
      results: { type: 'array', items: { $ref: '#/components/schemas/SearchHit' } },
      next: { type: 'string', description: 'The cursor of the next page; absent on the last one.' },
    },
  },
  SearchHit: {
    type: 'object',
    required: ['id', 'kind', 'name', 'score', 'matched'],
    additionalProperties: false,
    properties: {
      id: { type: 'string', examples: ['dataset:db:orders', 'owner:team', 'tag:pii:email'] },
      kind: { enum: searchKinds },
      namespace: { type: 'string', description: 'Absent for owners and tags.' },
      name: { type: 'string' },
      description: { type: 'string' },
      score: { type: 'number', description: 'What hits are ordered by: 100 is the very name.' },
      matched: {
        type: 'array',
        description: 'Where it was found, the best place first.',
        items: {
          type: 'object',
          required: ['field', 'text'],
          properties: {
            field: { enum: ['name', 'description', 'column', 'tag', 'owner'] },
            text: { type: 'string' },
          },
        },
      },
    },
  },
}
