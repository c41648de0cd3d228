import { answerJson } from '../../http/answer-json.ts'
import type { Reader } from '../../http/access.ts'
import type { Endpoint } from '../../http/operation.ts'
import { choice, requiredText, text, wholeNumber } from '../../http/parameters.ts'
import { Problem } from '../../http/problem.ts'
import type { GraphTransaction } from '../../graph/connection.ts'
import { toPointInTime } from '../../openlineage/point-in-time.ts'
import { findThing } from '../entities/find-thing.ts'
import { question } from '../question.ts'
import { toNodeId } from '../node-id.ts'
import type { ReadParts } from '../read-parts.ts'
import { diffLineageOfDataset, diffLineageOfJob } from './diff-lineage.ts'
import { diffRuns } from './diff-runs.ts'
import { diffSchema } from './diff-schema.ts'
import { toRunId } from './to-run-id.ts'

const kinds = ['schema', 'lineage', 'runs'] as const
const directions = ['upstream', 'downstream', 'both'] as const

const inQuery = {
  what: choice('What is compared.', { of: kinds, default: 'schema' }),
  of: text('`dataset:<namespace>:<name>`; for lineage also `job:<namespace>:<name>`. Not for runs.'),
  from: requiredText(
    'Where to begin. For schema a version of the dataset or a time; for lineage a time; for runs the id of one.',
  ),
  to: text('Where to end, likewise. Without it: now.'),
  direction: choice('For lineage of a dataset.', { of: directions, default: 'both' }),
  depth: wholeNumber('For lineage of a dataset: steps from it.', { min: 1, max: 20, default: 1 }),
}

interface DiffQuestion {
  what: (typeof kinds)[number]
  of: string | undefined
  from: string
  to: string | undefined
  direction: (typeof directions)[number]
  depth: number
}

/** GET /api/v2/diff */
export function diffEndpoint({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'getDiff',
      path: '/api/v2/diff',
      tag: 'history',
      summary: 'What differs: a schema between two versions or times, lineage between two times, two runs',
      inPath: {},
      inQuery,
      schema: 'Diff',
      problems: ['node-unknown'],
    },
    async (asked) => {
      answerJson(asked, await ask((tx) => readDiff(tx, asked.query, asked.reader)))
    },
  )
}

async function readDiff(
  tx: GraphTransaction,
  { what, of: id, from, to, direction, depth }: DiffQuestion,
  reader: Reader,
): Promise<Record<string, unknown>> {
  if (what === 'runs') {
    if (to === undefined) throw invalid('to must be the id of the run to compare with.')
    return { what, ...(await diffRuns(tx, { from: toRunId(from), to: toRunId(to), reader })) }
  }
  if (id === undefined) throw invalid(`of must be there for ${what}: dataset:<namespace>:<name>.`)
  const thing = await findThing(tx, {
    id,
    kinds: what === 'schema' ? ['dataset'] : ['dataset', 'job'],
    reader,
  })
  const of = toNodeId(thing)
  if (thing.kind === 'run') throw invalid('of must be a dataset or a job.')
  const { namespace, name } = thing
  if (what === 'schema')
    return { what, of, ...(await diffSchema(tx, { dataset: { namespace, name }, from, to })) }
  const span = { from: toTime('from', from), to: toTime('to', to ?? '0m') }
  if (span.from >= span.to) throw invalid('from must be before to.')
  const lineage = { ...span, direction, depth, reader }
  const diff =
    thing.kind === 'job'
      ? await diffLineageOfJob(tx, { namespace, name }, lineage)
      : await diffLineageOfDataset(tx, { namespace, name }, lineage)
  return { what, of, ...span, ...diff }
}

function toTime(name: string, said: string): string {
  const time = toPointInTime(said, Date.now())
  if (time === undefined)
    throw invalid(`${name} must be a time such as 2026-11-22T10:30:00Z, 2026-11-22 or 24h.`)
  return time
}

function invalid(detail: string): Problem {
  return new Problem('request-invalid', { detail })
}
