import type { Reader } from '../../http/access.ts'
import { choice, flag, pointInTime, texts, wholeNumber, type ValuesOf } from '../../http/parameters.ts'
import { Problem } from '../../http/problem.ts'
import { directions, granularities, type LineageQuestion } from './question.ts'
import type { Span } from './held-structures.ts'

const rootsMax = 20
const depthDefault = 20
const depthMax = 100
const filtersMax = 100
const nodesDefault = 2_000
const nodesMost = 20_000

/** No earlier event than this is thought of. */
const earliest = '1970-01-01T00:00:00.000000000Z'
const latest = '9999-12-31T23:59:59.999999999Z'

/** What lineage begins at, and which of it counts: the same for every question on lineage. */
export const walkParameters = {
  of: texts(
    'What to begin at: dataset:…, field:…, job:… or run:…, up to 20 of one kind. Colons within a namespace or name may be written %3A (in a URL: %253A); plain ones are understood as well.',
    { max: rootsMax },
  ),
  depth: wholeNumber('Most steps. To change from one name of a dataset to another is no step.', {
    min: 1,
    max: depthMax,
    default: depthDefault,
  }),
  at: pointInTime('As it was at this time. Without `at`, `from` and `to`: as it is.'),
  from: pointInTime('With `to`: all that held at some time between.'),
  to: pointInTime('The end of the span; now, if there is only `from`.'),
  namespace: texts(
    'Only datasets of these namespaces, or only flows of jobs of these namespaces: whichever they have.',
    {
      max: filtersMax,
    },
  ),
  jobType: texts('Only flows of jobs of these types, such as SQL_JOB.', { max: filtersMax }),
  tag: texts('Only what has one of these tags: `pii`, or `tier=1`. What lies between is bridged.', {
    max: filtersMax,
  }),
  derivation: texts('Only flows known in these ways: EXPLICIT, COLUMN, IO.', { max: 3 }),
  limit: wholeNumber('Most nodes.', { min: 1, max: nodesMost, default: nodesDefault }),
}

export const lineageParameters = {
  ...walkParameters,
  direction: choice(
    '`both`: what is upstream and what is downstream. `either`: all that is joined by ways of any direction, such as the other results of a source.',
    { of: directions, default: 'both' },
  ),
  granularity: choice(
    'What nodes are: datasets; columns (field); jobs and datasets in turn (flow); jobs; applications and DAGs, with their actions and tasks in them; runs. `default`: what the first of `of` is.',
    { of: ['default', ...granularities], default: 'default' },
  ),
  fold: flag('Whether temporary datasets are bridged over.', { default: false }),
  control: flag('Whether control flow between jobs counts beside data flow, for flow, job and application.', {
    default: false,
  }),
}

const derivations = new Set(['EXPLICIT', 'COLUMN', 'IO'])

type Walked = ValuesOf<typeof walkParameters>

/** @throws {Problem} `request-invalid` for what does not go together */
export function toQuestion(
  said: Walked & Partial<Omit<ValuesOf<typeof lineageParameters>, keyof Walked>>,
  reader: Reader,
): LineageQuestion {
  const { of, depth, namespace, jobType, tag, limit, direction = 'both', granularity, fold, control } = said
  if (of.length === 0)
    throw new Problem('request-invalid', {
      detail: 'of must be there: what to begin at, such as dataset:<namespace>:<name>.',
    })
  const wanted = said.derivation.map((word) => word.toUpperCase())
  if (!wanted.every((word) => derivations.has(word)))
    throw new Problem('request-invalid', { detail: 'derivation must be one of EXPLICIT, COLUMN, IO.' })
  const chosen = granularity === undefined || granularity === 'default' ? undefined : granularity
  if (wanted.length > 0 && hasNoDerivation(chosen ?? of[0]?.split(':')[0]))
    throw new Problem('request-invalid', {
      detail:
        'derivation goes with granularity dataset or field: what a job reads and writes is not derived.',
    })
  return {
    reader,
    of,
    depth,
    direction,
    granularity: chosen,
    span: toSpan(said),
    namespaces: namespace,
    jobTypes: jobType,
    tags: tag,
    derivations: wanted,
    isFolded: fold ?? false,
    isControl: control ?? false,
    nodesMax: limit,
  }
}

function hasNoDerivation(granularity: string | undefined): boolean {
  return granularity !== 'dataset' && granularity !== 'field' && granularity !== 'datasetField'
}

function toSpan({ at, from, to }: Walked): Span | undefined {
  if (at !== undefined && (from !== undefined || to !== undefined))
    throw new Problem('request-invalid', {
      detail: 'at is a point in time, from and to are a span: say the one or the other.',
    })
  if (at !== undefined) return { from: at, until: at }
  if (from === undefined && to === undefined) return undefined
  const span = { from: from ?? earliest, until: to ?? latest }
  if (span.from <= span.until) return span
  throw new Problem('request-invalid', { detail: 'from must not be later than to.' })
}
