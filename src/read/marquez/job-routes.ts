import { answerJson } from '../../http/answer-json.ts'
import type { Endpoint } from '../../http/operation.ts'
import { requiredText, texts } from '../../http/parameters.ts'
import type { ReadParts } from '../read-parts.ts'
import { toTotal } from './bounded-total.ts'
import { countJobVersionsStatement, readJobVersionsStatement } from './job-statements.ts'
import { listJobNames, type JobListing } from './list-jobs.ts'
import { marquezEndpoint } from './marquez-endpoint.ts'
import { offsetPage } from './marquez-parameters.ts'
import { fromUuid } from './marquez-values.ts'
import { readJobs } from './read-jobs.ts'
import { readRuns } from './read-runs.ts'
import { toJobVersion } from './job-version.ts'
import { inNamespace, jobText, ofJob, unknown } from './things.ts'

const latestRunsShown = 10
const statesMax = 20

const inJobList = {
  ...offsetPage,
  lastRunStates: texts('States of the newest run: NEW, RUNNING, COMPLETED, ABORTED, FAILED.', {
    max: statesMax,
  }),
}

export function jobEndpoints({ ask }: Pick<ReadParts, 'ask'>): Endpoint[] {
  const list = async (listing: JobListing) =>
    await ask(async (tx) => {
      const { names, total } = await listJobNames(tx, listing)
      const { reader } = listing
      return {
        jobs: await readJobs(tx, names, { reader, runs: latestRunsShown, hides: true }),
        totalCount: total,
      }
    })
  return [
    marquezEndpoint(
      {
        id: 'marquezListJobs',
        method: 'get',
        path: '/api/v1/jobs',
        summary: 'Jobs, the last seen first',
        inPath: {},
        inQuery: inJobList,
        gives: 'MarquezJobs',
      },
      async (asked) => {
        const { lastRunStates: states, limit, offset } = asked.query
        answerJson(
          asked,
          await list({ namespace: undefined, states: toStates(states), limit, offset, reader: asked.reader }),
        )
      },
    ),
    marquezEndpoint(
      {
        id: 'marquezListJobsOfNamespace',
        method: 'get',
        path: '/api/v1/namespaces/:namespace/jobs',
        summary: 'Jobs of a namespace, by name',
        inPath: inNamespace,
        inQuery: inJobList,
        gives: 'MarquezJobs',
      },
      async (asked) => {
        const { lastRunStates: states, limit, offset } = asked.query
        const { namespace } = asked.path
        answerJson(
          asked,
          await list({ namespace, states: toStates(states), limit, offset, reader: asked.reader }),
        )
      },
    ),
    getJob({ ask }),
    listJobVersions({ ask }),
    getJobVersion({ ask }),
  ]
}

/** Several times, or several behind commas. */
function toStates(said: readonly string[]): string[] {
  return said.flatMap((text) => text.split(',')).map((text) => text.trim().toUpperCase())
}

function getJob({ ask }: Pick<ReadParts, 'ask'>): Endpoint {
  return marquezEndpoint(
    {
      id: 'marquezGetJob',
      method: 'get',
      path: '/api/v1/namespaces/:namespace/jobs/:job',
      summary: 'A job',
      inPath: ofJob,
      inQuery: {},
      gives: 'MarquezJob',
    },
    async (asked) => {
      const name = { namespace: asked.path.namespace, name: asked.path.job }
      const { reader } = asked
      answerJson(
        asked,
        await ask(async (tx) => {
          const [job] = await readJobs(tx, [name], { reader, runs: latestRunsShown, hides: false })
          if (job === undefined) throw unknown(jobText(name))
          const runs = Array.isArray(job['latestRuns']) ? job['latestRuns'] : []
          const newest: unknown = runs[0]
          if (typeof newest !== 'object' || newest === null || !('id' in newest)) return job
          const [latestRun = newest] = await readRuns(tx, [String(newest.id)], { reader })
          return { ...job, latestRun, latestRuns: [latestRun, ...runs.slice(1)] }
        }),
      )
    },
  )
}

function listJobVersions({ ask }: Pick<ReadParts, 'ask'>): Endpoint {
  return marquezEndpoint(
    {
      id: 'marquezListJobVersions',
      method: 'get',
      path: '/api/v1/namespaces/:namespace/jobs/:job/versions',
      summary: 'What a job has been, the newest first',
      inPath: ofJob,
      inQuery: offsetPage,
      gives: 'MarquezJobVersions',
    },
    async (asked) => {
      const job = { namespace: asked.path.namespace, name: asked.path.job }
      const { reader, query } = asked
      if (!reader.sees(job.namespace)) throw unknown(jobText(job))
      answerJson(
        asked,
        await ask(async (tx) => {
          const rows = await tx.run(readJobVersionsStatement, { ...job, ...query, key: null })
          const versions = rows.map((row) => toJobVersion(row, { job, reader }))
          return { versions, totalCount: toTotal(await tx.run(countJobVersionsStatement, job)) }
        }),
      )
    },
  )
}

function getJobVersion({ ask }: Pick<ReadParts, 'ask'>): Endpoint {
  const inPath = { ...ofJob, version: requiredText('The version, a UUID.') }
  return marquezEndpoint(
    {
      id: 'marquezGetJobVersion',
      method: 'get',
      path: '/api/v1/namespaces/:namespace/jobs/:job/versions/:version',
      summary: 'One version of a job',
      inPath,
      inQuery: {},
      gives: 'MarquezJobVersion',
    },
    async (asked) => {
      const job = { namespace: asked.path.namespace, name: asked.path.job }
      const { reader } = asked
      const key = fromUuid(asked.path.version)
      answerJson(
        asked,
        await ask(async (tx) => {
          const [row] = reader.sees(job.namespace)
            ? await tx.run(readJobVersionsStatement, { ...job, key, offset: 0, limit: 1 })
            : []
          if (row === undefined) throw unknown(`${jobText(job)} in the version ${asked.path.version}`)
          const runs = Array.isArray(row['runs']) ? row['runs'].map(String) : []
          const [latestRun = null] = await readRuns(tx, runs, { reader })
          return { ...toJobVersion(row, { job, reader }), latestRun }
        }),
      )
    },
  )
}
