import { answerJson } from '../../http/answer-json.ts'
import type { Endpoint } from '../../http/operation.ts'
import { pointInTime, requiredText, text } from '../../http/parameters.ts'
import { toDateTime } from '../../graph/values.ts'
import type { GraphTransaction, Row } from '../../graph/connection.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import type { Instant } from '../../openlineage/time.ts'
import { pageParameters, readCursor, type CursorValues } from '../page.ts'
import type { ReadParts } from '../read-parts.ts'
import { listJobs, readRunsOfJob } from './job-statements.ts'
import { readJobVersionPage } from './job-versions.ts'
import { requireThere } from './find-thing.ts'
import { readNamed } from './named-page.ts'
import { toTimePosition } from './positions.ts'
import { question } from '../question.ts'
import { readWholeJob, toRunOfJob } from './read-job.ts'
import { positionOfRun, runState } from './run-parameters.ts'
import { scanPage } from './scan-page.ts'
import { nameOf, toNamed, toShownRun } from './shown-names.ts'
import { toShownMap, toShownWithTimes } from './show-value.ts'
import { requireSeen } from './unknown-thing.ts'

const inPath = {
  namespace: requiredText('Namespace of the job, percent-encoded.'),
  name: requiredText('Name of the job, percent-encoded.'),
}

export function jobEndpoints(parts: ReadParts): Endpoint[] {
  return [list(parts), one(parts), versions(parts), runs(parts)]
}

const filters = {
  jobType: text('Only of this type, such as DAG, TASK, QUERY, APPLICATION, SQL_JOB.'),
  integration: text('Only of this integration, such as AIRFLOW, SPARK, DBT.'),
  state: runState('Only those whose newest run is in this state.'),
}

/** GET /api/v2/jobs */
function list({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'listJobs',
      path: '/api/v2/jobs',
      tag: 'jobs',
      summary: 'Jobs by namespace and name, each with its newest run',
      description:
        'With `prefix` and without `namespace` they are sorted by name, then namespace. Where filters leave out most, a page may be short, even empty, and still have a `next`.',
      inPath: {},
      inQuery: {
        namespace: text('Only of this namespace.'),
        prefix: text('Only those whose name begins so.'),
        ...filters,
        ...pageParameters,
      },
      schema: 'JobPage',
    },
    async (asked) => {
      const { namespace, prefix = '', limit, cursor } = asked.query
      const wanted = { namespace, prefix, reader: asked.reader }
      const { page, ...rest } = await ask((tx) =>
        scanPage({
          limit,
          after: readCursor(cursor, 2),
          read: (after, rows) => readNamed(tx, listJobs, { question: wanted, after, rows }),
          keeps: toFilter(asked.query),
          positionOf: ({ shown }) => Object.values(nameOf(toShownMap(shown))),
        }),
      )
      answerJson(asked, { jobs: page.map(toListedJob), ...rest })
    },
  )
}

function toFilter(filter: {
  jobType: string | undefined
  integration: string | undefined
  state: string | undefined
}): ((row: Row) => boolean) | undefined {
  const { jobType, integration, state } = filter
  if ([jobType, integration, state].every((wanted) => wanted === undefined)) return undefined
  return ({ shown, latest }) => {
    const job = toShownMap(shown)
    return (
      (jobType === undefined || job['jobType'] === jobType) &&
      (integration === undefined || job['integration'] === integration) &&
      (state === undefined || newestOf(latest)?.['state'] === state)
    )
  }
}

function newestOf(latest: unknown): Record<string, unknown> | undefined {
  const [run] = Array.isArray(latest) ? latest : []
  return run === undefined ? undefined : toShownRun(toShownWithTimes(run, ['startedAt', 'endedAt']))
}

function toListedJob({ shown, latest }: Row): Record<string, unknown> {
  const properties = toShownWithTimes(shown, ['firstSeenAt', 'lastSeenAt'])
  const latestRun = newestOf(latest)
  return {
    ...toNamed('job', nameOf(properties)),
    ...properties,
    ...(latestRun !== undefined && { latestRun }),
  }
}

/** GET /api/v2/jobs/:namespace/:name */
function one({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'getJob',
      path: '/api/v2/jobs/:namespace/:name',
      tag: 'jobs',
      summary:
        'One job: properties, facets, owners, tags, inputs, outputs, relatives, newest versions and runs',
      inPath,
      inQuery: {},
      schema: 'Job',
      problems: ['node-unknown'],
    },
    async (asked) => {
      const { path: job, reader } = asked
      requireSeen(reader, 'job', job)
      answerJson(asked, await ask((tx) => readWholeJob(tx, { job, reader })))
    },
  )
}

/** GET /api/v2/jobs/:namespace/:name/versions */
function versions({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'listJobVersions',
      path: '/api/v2/jobs/:namespace/:name/versions',
      tag: 'jobs',
      summary: 'Versions of a job, the one begun last first, and what differs from the one before',
      inPath,
      inQuery: pageParameters,
      schema: 'JobVersionPage',
      problems: ['node-unknown'],
    },
    async (asked) => {
      const { path: job, reader } = asked
      const { limit, cursor } = asked.query
      requireSeen(reader, 'job', job)
      const after = readCursor(cursor, 2)
      const { page, ...rest } = await ask(async (tx) => {
        const found = await readJobVersionPage(tx, { job, after, limit, reader })
        await requireThere(tx, { kind: 'job', ...job }, found.page)
        return found
      })
      answerJson(asked, { versions: page, ...rest })
    },
  )
}

/** GET /api/v2/jobs/:namespace/:name/runs */
function runs({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'listRunsOfJob',
      path: '/api/v2/jobs/:namespace/:name/runs',
      tag: 'jobs',
      summary: 'Runs of a job, the one begun last first',
      inPath,
      inQuery: {
        state: runState('Only those in this state.'),
        to: pointInTime('Only runs that had begun by then.'),
        ...pageParameters,
      },
      schema: 'RunPage',
      problems: ['node-unknown'],
    },
    async (asked) => {
      const { path: job, reader } = asked
      const { state, to, limit, cursor } = asked.query
      requireSeen(reader, 'job', job)
      const after = readCursor(cursor, 2)
      const { page, ...rest } = await ask(async (tx) => {
        const found = await readRunPage(tx, { job, state, to, after, limit })
        await requireThere(tx, { kind: 'job', ...job }, found.page)
        return found
      })
      answerJson(asked, { runs: page.map(toRunOfJob), ...rest })
    },
  )
}

function readRunPage(
  tx: GraphTransaction,
  asked: {
    job: EntityName
    state: string | undefined
    to: Instant | undefined
    after: CursorValues | undefined
    limit: number
  },
): Promise<{ page: Row[]; next?: string }> {
  const { job, state, to, after, limit } = asked
  return scanPage({
    limit,
    after,
    read: (position, rows) => {
      const { at, behind } = toTimePosition(position, to)
      return tx.run(readRunsOfJob, { ...job, to: toDateTime(at), behind, rows })
    },
    keeps: state === undefined ? undefined : ({ run }) => toShownMap(run)['state'] === state,
    positionOf: positionOfRun,
  })
}
