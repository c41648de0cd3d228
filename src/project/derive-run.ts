import type { EventType } from '../openlineage/events.ts'
import { isUnknownJob, toContentKey, toEntityKey, type EntityKey } from '../openlineage/keys.ts'
import { millisecondsBetween, type Instant } from '../openlineage/time.ts'
import type { AccumulatedInput, AccumulatedOutput, AccumulatedRun } from './accumulated-run.ts'
import { clockTime } from './clock.ts'
import { DROP, RENAME } from './lifecycle.ts'
import { toJobContent, toJobVersionKey, type JobContent } from './job-content.ts'

/** What the graph shows of a run: a pure function of all it has said. */
export interface DerivedRun {
  job: EntityKey | undefined
  parent: string | undefined
  root: string | undefined
  /** Undefined for a stub, of which only others have spoken. */
  state: EventType | undefined
  startedAt: Instant | undefined
  endedAt: Instant | undefined
  durationMs: number | undefined
  user: string | undefined
  errorMessage: string | undefined
  reads: Map<EntityKey, DerivedRead>
  writes: Map<EntityKey, DerivedWrite>
  /** What it adds to its job's structure; undefined for stubs and for runs of a job called "unknown". */
  work: DerivedWork | undefined
  /** The versions it made, by dataset: nothing before it has completed. */
  produced: Map<EntityKey, ProducedVersion>
  /** The former name of each dataset that it renamed, likewise. */
  renames: Map<EntityKey, Rename>
}

export interface DerivedRead {
  at: Instant
  version: string | undefined
  schema: string | undefined
}

export interface DerivedWrite {
  at: Instant
  change: string | undefined
}

export interface DerivedWork {
  job: EntityKey
  content: JobContent
  /** Key of the JobVersion, where the run counts as one of its runs. */
  version: string | undefined
  first: Instant
  last: Instant
  /** Orders the runs of a job: the time of completion, then the runId. */
  clock: string
}

export interface Rename {
  from: EntityKey
  at: Instant
}

export interface ProducedVersion {
  key: string
  version: string
  writtenAt: Instant
  change: string
  /** Whether the producer did not say how it wrote. */
  assumed: boolean
  schema: string | undefined
  /** Orders the versions of a dataset: the time of writing, then the runId. */
  clock: string
}

/** Where a producer does not say how it wrote, it counts as an append. */
const ASSUMED_CHANGE = 'APPEND'

export function deriveRun(runId: string, run: AccumulatedRun): DerivedRun {
  const state = deriveState(run)
  const startedAt = run.start ?? run.first
  const isOver = state === 'COMPLETE' || state === 'ABORT' || state === 'FAIL'
  const endedAt = isOver ? lastEnd(run) : undefined
  const hasDuration = startedAt !== undefined && endedAt !== undefined && endedAt >= startedAt
  const completedAt = state === 'COMPLETE' ? endedAt : undefined
  const renames = completedAt === undefined ? new Map() : deriveRenames(run, completedAt)
  return {
    job: run.job === undefined ? undefined : toEntityKey(run.job.value),
    parent: run.parent?.value,
    root: run.root?.value,
    state,
    startedAt,
    endedAt,
    durationMs: hasDuration ? millisecondsBetween({ from: startedAt, to: endedAt }) : undefined,
    user: (run.user ?? run.forwarded?.user)?.value,
    errorMessage: (run.error ?? run.forwarded?.error)?.value,
    reads: deriveEach(run.inputs, (dataset, input) => deriveRead(input, run.outputs[dataset])),
    writes: deriveEach(run.outputs, (_, output) => ({
      at: output.at,
      change: output.change?.value ?? undefined,
    })),
    work: deriveWork(runId, run, { state, endedAt }),
    produced:
      completedAt === undefined ? new Map() : deriveProduced(runId, run, { writtenAt: completedAt, renames }),
    renames,
  }
}

/** A run that has ended stays ended, and FAIL beats ABORT beats COMPLETE. Services and streams start again: the newest counts. */
function deriveState(run: AccumulatedRun): EventType | undefined {
  if (run.first === undefined) return undefined
  const newest = run.newest?.value ?? 'OTHER'
  if (isUnending(run)) return newest
  if (run.ends.FAIL !== undefined) return 'FAIL'
  if (run.ends.ABORT !== undefined) return 'ABORT'
  if (run.ends.COMPLETE !== undefined) return 'COMPLETE'
  return newest
}

function isUnending(run: AccumulatedRun): boolean {
  const type = (run.processingType ?? run.forwarded?.processingType)?.value
  return type === 'STREAMING' || type === 'SERVICE'
}

function lastEnd({ ends }: AccumulatedRun): Instant | undefined {
  return [ends.COMPLETE, ends.ABORT, ends.FAIL]
    .filter((end) => end !== undefined)
    .toSorted()
    .at(-1)
}

/** The oldest version named that the run did not write itself: on COMPLETE, Iceberg names the snapshot just made. */
function deriveRead(input: AccumulatedInput, output: AccumulatedOutput | undefined): DerivedRead {
  const written = output?.version?.value
  const oldest = Object.entries(input.versions)
    .filter(([version]) => version !== written)
    .toSorted(([a, aAt], [b, bAt]) => (aAt === bAt ? compare(a, b) : compare(aAt, bAt)))
    .at(0)
  return { at: input.at, version: oldest?.[0], schema: input.schema?.value ?? undefined }
}

function deriveWork(
  runId: string,
  run: AccumulatedRun,
  { state, endedAt }: { state: EventType | undefined; endedAt: Instant | undefined },
): DerivedWork | undefined {
  const { job, first, last } = run
  if (job === undefined || first === undefined || last === undefined || isUnknownJob(job.value))
    return undefined
  const jobKey = toEntityKey(job.value)
  const content = toJobContent({
    inputs: Object.keys(run.inputs),
    outputs: Object.entries(run.outputs).map(([dataset, { columnLineage }]) => [
      dataset,
      columnLineage?.value,
    ]),
    lineage: Object.keys(run.lineage ?? {}),
    sql: run.sql?.value,
    source: run.source?.value,
  })
  const isRunning = state === 'START' || state === 'RUNNING'
  const counts = state === 'COMPLETE' || (isUnending(run) && isRunning)
  const at = endedAt ?? (run.newest === undefined ? last : clockTime(run.newest.clock))
  const version = counts ? toJobVersionKey(jobKey, content) : undefined
  return { job: jobKey, content, version, first, last, clock: `${at}|${runId}` }
}

function deriveRenames({ outputs }: AccumulatedRun, at: Instant): Map<EntityKey, Rename> {
  return new Map(
    Object.entries(outputs).flatMap(([dataset, { change, renamedFrom }]) =>
      // Of the same facet: a newer RENAME that does not say what the name was before takes an older one's word back.
      change?.value === RENAME && renamedFrom?.clock === change.clock
        ? [[dataset, { from: renamedFrom.value, at }] as const]
        : [],
    ),
  )
}

function deriveProduced(
  runId: string,
  run: AccumulatedRun,
  { writtenAt, renames }: { writtenAt: Instant; renames: Map<EntityKey, Rename> },
): Map<EntityKey, ProducedVersion> {
  const made = { writtenAt, clock: `${writtenAt}|${runId}` }
  const written = deriveEach(run.outputs, (dataset, output) => {
    const change = output.change?.value ?? ASSUMED_CHANGE
    return {
      ...made,
      key: toVersionKey(dataset, runId),
      version: output.version?.value ?? runId,
      change,
      assumed: typeof output.change?.value !== 'string',
      schema: change === DROP ? undefined : (output.schema?.value ?? undefined),
    }
  })
  // Under its former name a renamed dataset is there no more, unless the run wrote that one as well.
  const dropped = [...renames.values()].map(({ from }): [EntityKey, ProducedVersion] => [
    from,
    {
      ...made,
      key: toVersionKey(from, runId),
      version: runId,
      change: DROP,
      assumed: false,
      schema: undefined,
    },
  ])
  return new Map([...dropped, ...written])
}

function toVersionKey(dataset: EntityKey, runId: string): string {
  return toContentKey(`${dataset} ${runId}`)
}

function deriveEach<T, R>(
  from: Record<EntityKey, T>,
  derive: (key: EntityKey, value: T) => R,
): Map<EntityKey, R> {
  return new Map(Object.entries(from).map(([key, value]) => [key, derive(key, value)]))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
