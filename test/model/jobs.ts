import type { JobEvent } from '../../src/openlineage/events.ts'
import { compareTexts, newest, type Told } from './clock.ts'
import { type Content, contentOf, contentText } from './content.ts'
import { isJobEvent } from './kinds.ts'
import type { Run } from './runs.ts'
import { type Name, nameOf } from './said.ts'

/** A job with what its runs and its JobEvents have said of its structure. */
export interface Job {
  job: Name
  /** Groups of runs of one content: one for each JobVersion. */
  versions: Run[][]
  /** Contents whose edges the job has, the newest last; those of `now` are current. */
  contents: Content[]
  now: Content[]
}

export function jobsOf(told: readonly Told[], runs: readonly Run[]): Job[] {
  const jobEvents = told.filter((one): one is Told<JobEvent> => isJobEvent(one.event))
  const names = new Set([
    ...runs.flatMap(({ job }) => job ?? []),
    ...jobEvents.map(({ event }) => nameOf(event.job)),
  ])
  return [...names]
    .filter(isKnownJob)
    .toSorted()
    .map((job) =>
      jobOf(
        job,
        runs.filter((run) => run.job === job),
        jobEvents.filter(({ event }) => nameOf(event.job) === job),
      ),
    )
}

function jobOf(job: Name, runs: Run[], jobEvents: Told<JobEvent>[]): Job {
  const counting = runs.filter(isCounting).toSorted(compareRuns)
  const texts = [...new Set(counting.map((run) => contentText(contentOf(run.told))))]
  const declared = newest(jobEvents)
  const now = [counting.at(-1)?.told, declared === undefined ? undefined : [declared]].flatMap((events) =>
    events === undefined ? [] : [contentOf(events)],
  )
  const known = [...counting.map((run) => contentOf(run.told)), ...now]
  return {
    job,
    versions: texts.map((text) => counting.filter((run) => contentText(contentOf(run.told)) === text)),
    contents: known.length > 0 ? known : runs.map((run) => contentOf(run.told)),
    now,
  }
}

/** A completed run counts for its job's structure, and a running one of a streaming job. */
function isCounting({ state, isStreaming }: Run): boolean {
  return state === 'COMPLETE' || (isStreaming && (state === 'START' || state === 'RUNNING'))
}

function compareRuns(a: Run, b: Run): number {
  const [timeA, timeB] = [a, b].map((run) => run.endedAt ?? run.stateAt ?? 0n)
  if (timeA !== timeB) return (timeA ?? 0n) < (timeB ?? 0n) ? -1 : 1
  return compareTexts(a.runId, b.runId)
}

/**
 * Spark's first event calls its job "unknown". The pages only say that it never wins over a real name; what is said
 * of it is no job's structure, or every application would meet there.
 */
export function isKnownJob(job: Name): boolean {
  return !job.endsWith('/unknown')
}
