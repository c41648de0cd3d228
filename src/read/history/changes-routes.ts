import { answerJson } from '../../http/answer-json.ts'
import type { Endpoint } from '../../http/operation.ts'
import { requiredText, text, wholeNumber } from '../../http/parameters.ts'
import { toRunId } from './to-run-id.ts'
import { question } from '../question.ts'
import type { ReadParts } from '../read-parts.ts'
import { readChanges } from './read-changes.ts'

/** GET /api/v2/changes */
export function changesEndpoint({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'getChanges',
      path: '/api/v2/changes',
      tag: 'history',
      summary: 'What changed upstream of a run since the last good run of its job, the likeliest cause first',
      description:
        'Looks at the jobs and datasets upstream: other code, other columns, runs that failed, that had not ended or not begun, odd numbers of rows, inputs that are missing. `score` ranks them: by kind, and the nearer the higher.',
      inPath: {},
      inQuery: {
        run: requiredText('The id of the run, with or without `run:`.'),
        since: text('Compare with this run. Without it: the last of the same job that completed before.'),
        depth: wholeNumber('Jobs in a row, at most.', { min: 1, max: 50, default: 10 }),
        jobs: wholeNumber('Jobs that are looked at, at most.', { min: 1, max: 1000, default: 200 }),
        limit: wholeNumber('Changes that are answered, at most.', { min: 1, max: 1000, default: 100 }),
      },
      schema: 'Changes',
      problems: ['node-unknown'],
    },
    async (asked) => {
      const { run, since, depth, jobs: jobsMax, limit } = asked.query
      const runId = toRunId(run)
      const sinceId = since === undefined ? undefined : toRunId(since)
      answerJson(
        asked,
        await ask((tx) => readChanges(tx, { runId, sinceId, depth, jobsMax, limit, reader: asked.reader })),
      )
    },
  )
}
