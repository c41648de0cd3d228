import { answerJson } from '../../http/answer-json.ts'
import type { Endpoint } from '../../http/operation.ts'
import { question } from '../question.ts'
import type { ReadParts } from '../read-parts.ts'
import { findLineage } from './find-lineage.ts'
import { lineageParameters, toQuestion } from './lineage-parameters.ts'

/** GET /api/v2/lineage */
export function getLineage({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'getLineage',
      path: '/api/v2/lineage',
      tag: 'lineage',
      summary: 'What lies upstream and downstream of a dataset, a column, a job or a run',
      description:
        'Nodes with their distance, and the edges between them with why they are there. What was cut off is said in `truncated`; `hidden` counts what the key may not see, which is not walked through.',
      inPath: {},
      inQuery: lineageParameters,
      schema: 'Lineage',
      gives: 'The lineage.',
      problems: ['node-unknown'],
    },
    async (asked) => {
      const sought = toQuestion(asked.query, asked.reader)
      answerJson(asked, await ask((tx) => findLineage(tx, sought)))
    },
  )
}
