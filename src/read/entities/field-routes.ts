import { answerJson } from '../../http/answer-json.ts'
import type { Endpoint } from '../../http/operation.ts'
import { requiredText } from '../../http/parameters.ts'
import type { ReadParts } from '../read-parts.ts'
import { question } from '../question.ts'
import { readWholeField } from './read-field.ts'
import { requireSeen } from './unknown-thing.ts'

/** GET /api/v2/fields/:namespace/:dataset/:field */
export function fieldEndpoint({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'getField',
      path: '/api/v2/fields/:namespace/:dataset/:field',
      tag: 'datasets',
      summary: 'One column: type, tags, measures, tests, where it comes from and what comes of it',
      inPath: {
        namespace: requiredText('Namespace of the dataset, percent-encoded.'),
        dataset: requiredText('Name of the dataset, percent-encoded.'),
        field: requiredText('Path of the column, such as `address.city`.'),
      },
      inQuery: {},
      schema: 'Field',
      problems: ['node-unknown'],
    },
    async (asked) => {
      const { namespace, dataset: name, field } = asked.path
      const { reader } = asked
      const dataset = { namespace, name }
      requireSeen(reader, 'dataset', dataset)
      answerJson(asked, await ask((tx) => readWholeField(tx, { dataset, field, reader })))
    },
  )
}
