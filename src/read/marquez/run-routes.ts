import { answerJson } from '../../http/answer-json.ts'
import type { Endpoint } from '../../http/operation.ts'
import { choice } from '../../http/parameters.ts'
import type { ReadParts } from '../read-parts.ts'
import { toCounted, toTotal } from './bounded-total.ts'
import { toFacets } from '../entities/show-value.ts'
import { marquezEndpoint } from './marquez-endpoint.ts'
import { offsetPage } from './marquez-parameters.ts'
import { readRuns } from './read-runs.ts'
import { countRunsStatement, listRunsStatement } from './run-statements.ts'
import { findFacetsStatement } from './facet-statements.ts'
import { jobText, ofJob, ofRun, unknown } from './things.ts'

export function runEndpoints({ ask }: Pick<ReadParts, 'ask'>): Endpoint[] {
  return [listRuns({ ask }), getRun({ ask }), getRunFacets({ ask })]
}

function listRuns({ ask }: Pick<ReadParts, 'ask'>): Endpoint {
  return marquezEndpoint(
    {
      id: 'marquezListRuns',
      method: 'get',
      path: '/api/v1/namespaces/:namespace/jobs/:job/runs',
      summary: 'Runs of a job, the newest first',
      inPath: ofJob,
      inQuery: offsetPage,
      gives: 'MarquezRuns',
    },
    async (asked) => {
      const { reader, query } = asked
      const job = { namespace: asked.path.namespace, name: asked.path.job }
      if (!reader.sees(job.namespace)) throw unknown(jobText(job))
      answerJson(
        asked,
        await ask(async (tx) => {
          const found = await tx.run(listRunsStatement, { ...job, ...query })
          const runIds = found.map(({ runId }) => String(runId))
          const total = await tx.run(countRunsStatement, { ...job, counted: toCounted(query) })
          return { runs: await readRuns(tx, runIds, { reader }), totalCount: toTotal(total) }
        }),
      )
    },
  )
}

function getRun({ ask }: Pick<ReadParts, 'ask'>): Endpoint {
  return marquezEndpoint(
    {
      id: 'marquezGetRun',
      method: 'get',
      path: '/api/v1/jobs/runs/:runId',
      summary: 'A run',
      inPath: ofRun,
      inQuery: {},
      gives: 'MarquezRun',
    },
    async (asked) => {
      const runId = asked.path.runId.toLowerCase()
      const { reader } = asked
      const [run] = await ask((tx) => readRuns(tx, [runId], { reader }))
      if (run === undefined) throw unknown(`The run ${JSON.stringify(asked.path.runId)}`)
      answerJson(asked, run)
    },
  )
}

function getRunFacets({ ask }: Pick<ReadParts, 'ask'>): Endpoint {
  const inQuery = {
    type: choice('Whose facets: of the run, or of its job.', {
      of: ['run', 'job', 'RUN', 'JOB'],
      default: 'run',
    }),
  }
  return marquezEndpoint(
    {
      id: 'marquezGetRunFacets',
      method: 'get',
      path: '/api/v1/jobs/runs/:runId/facets',
      summary: 'Facets of a run, or of its job',
      inPath: ofRun,
      inQuery,
      gives: 'MarquezRunFacets',
    },
    async (asked) => {
      const runId = asked.path.runId.toLowerCase()
      const [row] = await ask((tx) => tx.run(findFacetsStatement, { runId }))
      const namespace = row?.['namespace']
      if (row === undefined || typeof namespace !== 'string' || !asked.reader.sees(namespace))
        throw unknown(`The run ${JSON.stringify(asked.path.runId)}`)
      const facets = toFacets(
        asked.query.type.toLowerCase() === 'job' ? row['job'] : row['run'],
        asked.reader,
      )
      answerJson(asked, { runId, facets })
    },
  )
}
