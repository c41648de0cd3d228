import { answerJson } from '../../http/answer-json.ts'
import type { Endpoint } from '../../http/operation.ts'
import { pointInTime, requiredText, text } from '../../http/parameters.ts'
import { toDateTime } from '../../graph/values.ts'
import type { Row } from '../../graph/connection.ts'
import type { Reader } from '../../http/access.ts'
import { normaliseRunId } from '../../openlineage/run-id.ts'
import { pageParameters, readCursor } from '../page.ts'
import type { ReadParts } from '../read-parts.ts'
import { earliest, toTimePosition } from './positions.ts'
import { question } from '../question.ts'
import { readWholeRun } from './read-run.ts'
import { positionOfRun, runState } from './run-parameters.ts'
import { listRuns, listRunsOfState } from './run-statements.ts'
import { scanPage } from './scan-page.ts'
import { isSeenRun, jobOf, toShownRun } from './shown-names.ts'

export function runEndpoints(parts: ReadParts): Endpoint[] {
  return [list(parts), one(parts)]
}

/** GET /api/v2/runs */
function list({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'listRuns',
      path: '/api/v2/runs',
      tag: 'runs',
      summary: 'Runs of all jobs, the one begun last first',
      description:
        'Where filters leave out most, a page may be short, even empty, and still have a `next`. The runs of one job: /api/v2/jobs/{namespace}/{name}/runs.',
      inPath: {},
      inQuery: {
        state: runState('Only those in this state.'),
        namespace: text('Only of jobs of this namespace.'),
        from: pointInTime('Only runs that began then or later.'),
        to: pointInTime('Only runs that had begun by then.'),
        ...pageParameters,
      },
      schema: 'RunPage',
    },
    async (asked) => {
      const { state, namespace, from = earliest, to, limit, cursor } = asked.query
      const { page, ...rest } = await ask((tx) =>
        scanPage({
          limit,
          after: readCursor(cursor, 2),
          read: (after, rows) => {
            const { at, behind } = toTimePosition(after, to)
            const span = { from: toDateTime(from), to: toDateTime(at), behind, rows }
            return state === undefined ? tx.run(listRuns, span) : tx.run(listRunsOfState, { ...span, state })
          },
          keeps: toFilter(asked.reader, namespace),
          positionOf: positionOfRun,
        }),
      )
      answerJson(asked, { runs: page.map(({ run }) => toShownRun(run)), ...rest })
    },
  )
}

function toFilter(reader: Reader, namespace: string | undefined): ((row: Row) => boolean) | undefined {
  if (reader.namespaces === undefined && namespace === undefined) return undefined
  return ({ run }) =>
    isSeenRun(reader, run) && (namespace === undefined || jobOf(run)?.namespace === namespace)
}

/** GET /api/v2/runs/:runId */
function one({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'getRun',
      path: '/api/v2/runs/:runId',
      tag: 'runs',
      summary:
        'One run: properties, facets, what it read and wrote, parent, root and children, tests, events',
      inPath: { runId: requiredText('The id of the run.') },
      inQuery: {},
      schema: 'Run',
      problems: ['node-unknown'],
    },
    async (asked) => {
      const runId = normaliseRunId(asked.path.runId)
      answerJson(asked, await ask((tx) => readWholeRun(tx, { runId, reader: asked.reader })))
    },
  )
}
