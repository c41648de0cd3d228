import type { GraphTransaction } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { toDateTime } from '../../graph/values.ts'
import type { Reader } from '../../http/access.ts'
import { Problem } from '../../http/problem.ts'
import { toEntityKey, type EntityName } from '../../openlineage/keys.ts'
import type { Instant } from '../../openlineage/time.ts'
import { toNamed } from '../entities/shown-names.ts'
import { unknownThing } from '../entities/unknown-thing.ts'
import { toNodeId } from '../node-id.ts'
import { readFieldsOf, readRunsUntil, readVersionsUntil } from './change-facts.ts'
import { findDatasetChanges, schemasToCompare } from './dataset-changes.ts'
import { ranked, type FoundChange } from './found-change.ts'
import { findJobChanges, type Window } from './job-changes.ts'
import { readRunsWithReads, type OriginRun } from './origin-runs.ts'
import { findOwnChanges } from './own-changes.ts'
import { readRunCodes } from './run-code.ts'
import { findUpstream, type Upstream } from './upstream-jobs.ts'

/** Runs before it among which the last good one is looked for. */
const runsBeforeMax = 1000

const findGoodRun = cypher`
  MATCH (r:Run)
  WHERE r.jobNamespace = $namespace AND r.jobName = $name AND r.startedAt <= $startedAt
  WITH r ORDER BY r.jobNamespace DESC, r.jobName DESC, r.startedAt DESC LIMIT toInteger($looked)
  WITH r WHERE r.state = 'COMPLETE' AND r.runId <> $runId
  RETURN r.runId AS runId LIMIT 1
`

export interface ChangesQuestion {
  runId: string
  /** The run to compare with; undefined for the last that completed before. */
  sinceId: string | undefined
  depth: number
  jobsMax: number
  limit: number
  reader: Reader
}

/**
 * What changed upstream of a run since the last good run of its job, the likeliest cause first.
 * @throws {Problem} `node-unknown` without such a run, or without a good one before it
 */
export async function readChanges(
  tx: GraphTransaction,
  { runId, sinceId, depth, jobsMax, limit, reader }: ChangesQuestion,
): Promise<Record<string, unknown>> {
  const run = await requireRun(tx, runId, reader)
  const goodId = sinceId ?? (await findLastGood(tx, run))
  if (goodId === undefined) throw noGoodRun(runId)
  const good = await requireRun(tx, goodId, reader)
  const window = { from: good.startedAt, to: run.startedAt }
  const reads = [...run.reads, ...good.reads].map(({ dataset }) => dataset)
  const upstream = await findUpstream(tx, { job: run.job, reads }, { depth, jobsMax, reader })
  const codes = await readRunCodes(tx, [runId, goodId])
  const own = findOwnChanges({ run, code: codes.get(runId) }, { run: good, code: codes.get(goodId) }).filter(
    ({ of }) => isSeen(upstream, of, run.job),
  )
  const changes = ranked(merged([...own, ...(await findUpstreamChanges(tx, upstream, { window, reader }))]))
  return {
    run: toShownRun(run),
    since: toShownRun(good),
    changes: changes.slice(0, limit),
    examined: { jobs: upstream.jobs.size, datasets: upstream.datasets.size },
    truncated: {
      changes: changes.length > limit,
      depth: upstream.truncated.depth,
      jobs: upstream.truncated.jobs,
      fanOut: [...upstream.truncated.fanOut],
    },
    hidden: upstream.hidden.size,
  }
}

type CountedRun = OriginRun & { job: EntityName; startedAt: Instant }

async function requireRun(tx: GraphTransaction, runId: string, reader: Reader): Promise<CountedRun> {
  const [run] = await readRunsWithReads(tx, [runId])
  if (run?.job === undefined || run.startedAt === undefined || !reader.sees(run.job.namespace))
    throw unknownThing({ kind: 'run', runId })
  return { ...run, job: run.job, startedAt: run.startedAt }
}

async function findLastGood(tx: GraphTransaction, run: CountedRun): Promise<string | undefined> {
  const [row] = await tx.run(findGoodRun, {
    ...run.job,
    startedAt: toDateTime(run.startedAt),
    runId: run.runId,
    looked: runsBeforeMax,
  })
  return row === undefined ? undefined : String(row['runId'])
}

async function findUpstreamChanges(
  tx: GraphTransaction,
  upstream: Upstream,
  { window, reader }: { window: Window; reader: Reader },
): Promise<FoundChange[]> {
  const jobs = [...upstream.jobs.values()]
  const datasets = [...upstream.datasets.values()]
  const [runs, versions] = await Promise.all([
    readRunsUntil(tx, { jobs: jobs.map(({ job }) => job), until: window.to }),
    readVersionsUntil(tx, { datasets: datasets.map(({ dataset }) => dataset), until: window.to }),
  ])
  const schemas = [...versions.values()].flatMap((of) => {
    const compared = schemasToCompare(of, window)
    return compared === undefined ? [] : [compared.from, compared.to]
  })
  const fields = await readFieldsOf(tx, [...new Set(schemas)])
  return [
    ...jobs.flatMap(({ job, distance }) =>
      findJobChanges({ job, distance, runs: runs.get(toEntityKey(job)) ?? [] }, { window, reader }),
    ),
    ...datasets.flatMap(({ dataset, distance }) => {
      const ofDataset = versions.get(toEntityKey(dataset)) ?? []
      return findDatasetChanges({ dataset, distance, versions: ofDataset }, window, fields)
    }),
  ]
}

/** What the run's own inputs say of what the reader may not see is left out, as everything else of it is. */
function isSeen(upstream: Upstream, of: string, job: EntityName): boolean {
  const seen = [...upstream.datasets.values()].map(({ dataset }) => toNodeId({ kind: 'dataset', ...dataset }))
  return of === toNodeId({ kind: 'job', ...job }) || seen.includes(of)
}

/** One entry for each kind of change of a thing, the likelier: a count that is odd where it is written is odd where it is read. */
function merged(changes: readonly FoundChange[]): FoundChange[] {
  const byThing = new Map<string, FoundChange>()
  for (const change of changes) {
    const key = `${change.kind} ${change.of}`
    const present = byThing.get(key)
    if (present === undefined || change.score > present.score) byThing.set(key, change)
  }
  return [...byThing.values()]
}

function toShownRun({ runId, job, state, startedAt, endedAt }: CountedRun): Record<string, unknown> {
  return { id: toNodeId({ kind: 'run', runId }), runId, job: toNamed('job', job), state, startedAt, endedAt }
}

function noGoodRun(runId: string): Problem {
  const detail = `No run of its job has completed before ${runId}: there is nothing to compare with. Name one: since=<runId>.`
  return new Problem('node-unknown', { detail })
}
