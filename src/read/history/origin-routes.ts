import { answerJson } from '../../http/answer-json.ts'
import type { Endpoint } from '../../http/operation.ts'
import { pointInTime, text, wholeNumber } from '../../http/parameters.ts'
import { Problem } from '../../http/problem.ts'
import { toRunId } from './to-run-id.ts'
import type { ReadParts } from '../read-parts.ts'
import { findThing } from '../entities/find-thing.ts'
import { question } from '../question.ts'
import { readOriginOfRun, readOriginOfVersion } from './read-origin.ts'

const inQuery = {
  of: text('`dataset:<namespace>:<name>` or `run:<runId>`.'),
  dataset: text('The same as `of`, for a dataset.'),
  version: text('The version of the dataset, as its producer names it.'),
  run: text('The version of the dataset that this run made.'),
  at: pointInTime('What the dataset held then. Without any of these: its newest version.'),
  depth: wholeNumber('Runs in a row, at most.', { min: 1, max: 100, default: 20 }),
  limit: wholeNumber('Runs and versions together, at most.', { min: 1, max: 5000, default: 500 }),
  appends: wholeNumber('Versions of one dataset that are followed where data was appended, at most.', {
    min: 1,
    max: 500,
    default: 20,
  }),
}

/** GET /api/v2/origin */
export function originEndpoint({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'getOrigin',
      path: '/api/v2/origin',
      tag: 'history',
      summary:
        'Where a version of a dataset, or what a run read, comes from: runs, code and versions, back to the sources',
      description:
        'The version that a run has read is the one that the producer names, else what was there when the run began: the last CREATE, OVERWRITE or TRUNCATE before it, and everything appended since. Where a producer does not say how it wrote, it counts as an append (`assumed`).',
      inPath: {},
      inQuery,
      schema: 'Origin',
      problems: ['node-unknown'],
    },
    async (asked) => {
      const { of, dataset, version, run, at, depth, limit, appends } = asked.query
      const { reader } = asked
      const id = of ?? dataset
      if (id === undefined)
        throw new Problem('request-invalid', {
          detail: 'of must be there: dataset:<namespace>:<name> or run:<runId>.',
        })
      const limits = { depth, nodes: limit, appends }
      const answer = await ask(async (tx) => {
        const thing = await findThing(tx, { id, kinds: ['dataset', 'run'], reader })
        if (thing.kind === 'run') return await readOriginOfRun(tx, { runId: thing.runId, limits, reader })
        const choice = { version, runId: run === undefined ? undefined : toRunId(run), at }
        const { namespace, name } = thing
        return await readOriginOfVersion(tx, { dataset: { namespace, name }, choice, limits, reader })
      })
      answerJson(asked, answer)
    },
  )
}
