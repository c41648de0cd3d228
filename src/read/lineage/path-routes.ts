import { answerJson } from '../../http/answer-json.ts'
import type { Endpoint } from '../../http/operation.ts'
import { choice, pointInTime, requiredText, texts, wholeNumber } from '../../http/parameters.ts'
import { Problem } from '../../http/problem.ts'
import { question } from '../question.ts'
import type { ReadParts } from '../read-parts.ts'
import { findPaths } from './find-paths.ts'
import { toQuestion, walkParameters } from './lineage-parameters.ts'

const pathsMost = 100
const nodesMost = 20_000
const { depth, jobType, derivation } = walkParameters

const pathParameters = {
  from: requiredText('Where it begins: dataset:…, field:… or job:….'),
  to: requiredText('Where it ends.'),
  max: wholeNumber('Most ways that are shown.', { min: 1, max: pathsMost, default: 1 }),
  direction: choice(
    '`downstream`: the way that data takes from the one to the other. `either`: along edges of any direction.',
    {
      of: ['downstream', 'upstream', 'either'],
      default: 'downstream',
    },
  ),
  granularity: choice(
    'What it goes by. `default`: datasets or columns where both ends are such, else jobs and datasets in turn (flow).',
    {
      of: ['default', 'dataset', 'field', 'flow'],
      default: 'default',
    },
  ),
  at: pointInTime('As it was at this time.'),
  namespace: texts('Only flows of jobs of these namespaces.', { max: pathsMost }),
  depth,
  jobType,
  derivation,
}

/** GET /api/v2/path */
export function getPath({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'getPath',
      path: '/api/v2/path',
      tag: 'lineage',
      summary: 'The shortest ways from one thing to another',
      inPath: {},
      inQuery: pathParameters,
      schema: 'Paths',
      gives: 'The shortest ways, all of one length; none where there is none.',
      problems: ['node-unknown'],
    },
    async (asked) => {
      const { from, to, max, granularity, at, ...said } = asked.query
      const walked = granularity === 'default' ? toGranularity(from, to) : granularity
      const unsaid = { of: [from], at, from: undefined, to: undefined, tag: [], limit: nodesMost }
      const sought = toQuestion({ ...said, ...unsaid, granularity: walked }, asked.reader)
      answerJson(asked, await ask((tx) => findPaths(tx, { ...sought, to, pathsMax: max })))
    },
  )
}

function toGranularity(...ends: readonly string[]): 'dataset' | 'field' | 'flow' {
  const kinds = new Set(ends.map((end) => end.split(':')[0]))
  if (kinds.has('run'))
    throw new Problem('request-invalid', {
      detail: 'Ways lead between datasets, columns and jobs: ask for the job of the run.',
    })
  if (kinds.has('field') || kinds.has('datasetField')) return 'field'
  return kinds.has('job') ? 'flow' : 'dataset'
}
