import type { JsonSchema } from '../http/parameters.ts'
import { lineageSchemas } from './lineage/lineage-schemas.ts'
import { entitySchemas } from './entities/entity-schemas.ts'
import { eventSchemas } from './entities/event-schemas.ts'
import { labelSchemas } from './entities/label-schemas.ts'
import { historySchemas } from './history/history-schemas.ts'
import { cypherSchemas } from './cypher/cypher-schemas.ts'
import { marquezSchemas } from './marquez/marquez-schemas.ts'
import { searchSchemas } from './search/search-schemas.ts'

const next = { type: 'string', description: 'The cursor of the next page; absent on the last one.' }

/** The shapes of answers, by the names that operations refer to. A test holds answers to them. */
export const answerSchemas: Readonly<Record<string, JsonSchema>> = {
  NamespacePage: {
    type: 'object',
    required: ['namespaces'],
    additionalProperties: false,
    properties: {
      namespaces: {
        type: 'array',
        items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
      },
      next,
    },
  },
  ...lineageSchemas,
  ...entitySchemas,
  ...eventSchemas,
  ...labelSchemas,
  ...historySchemas,
  ...cypherSchemas,
  ...marquezSchemas,
  ...searchSchemas,
}
