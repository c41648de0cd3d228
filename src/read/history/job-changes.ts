import type { Reader } from '../../http/access.ts'
import { fromEntityKey, type EntityKey, type EntityName } from '../../openlineage/keys.ts'
import { millisecondsBetween, type Instant } from '../../openlineage/time.ts'
import { toVersionChanges, toVersionContent, type VersionChanges } from '../entities/version-content.ts'
import { toNodeId } from '../node-id.ts'
import type { JobRun } from './change-facts.ts'
import { median, toChange, weights, type FoundChange } from './found-change.ts'

/** The time between the last good run's beginning and the run's. */
export interface Window {
  from: Instant
  to: Instant
}

/** Beginnings from which the usual interval of a job is known. */
const beginningsMin = 4
/** A job that has begun since the last good run is late when so many times its usual interval have passed. */
const lateFactor = 1.5

/**
 * What changed of a job upstream: its code, runs that failed, a run that has not ended, and one that has not begun in time.
 * @param runs those begun by the end of the window, the newest first
 */
export function findJobChanges(
  { job, distance, runs }: { job: EntityName; distance: number; runs: readonly JobRun[] },
  { window, reader }: { window: Window; reader: Reader },
): FoundChange[] {
  // The last good run of the job itself goes on after the window's beginning, which is its own.
  const within = runs.filter(
    ({ startedAt, endedAt }) =>
      startedAt > window.from || (distance > 0 && (endedAt ?? startedAt) > window.from),
  )
  const before = runs.filter((run) => !within.includes(run))
  const of = toNodeId({ kind: 'job', ...job })
  return [
    ...findCodeChange({ of, distance, within, before, reader }),
    ...findFailure({ of, distance, within }, window),
    ...findUnfinished({ of, distance, within }, window),
    ...findLateness({ of, distance, runs }, window),
  ]
}

interface Seen {
  of: string
  distance: number
  within: readonly JobRun[]
}

function findCodeChange({
  of,
  distance,
  within,
  before,
  reader,
}: Seen & { before: readonly JobRun[]; reader: Reader }): FoundChange[] {
  const now = within.find(({ jobVersion }) => jobVersion !== undefined)
  const then = before.find(({ jobVersion }) => jobVersion !== undefined)
  if (now === undefined || then === undefined || now.jobVersion === then.jobVersion) return []
  const changes = toVersionChanges({
    from: toVersionContent(then.structure),
    to: toVersionContent(now.structure),
  })
  return [
    toChange(
      {
        kind: 'CODE',
        of,
        distance,
        at: now.startedAt,
        run: now.runId,
        reason: `The job has another version: ${toWords(toSeen(changes, reader))}`,
        before: { jobVersion: then.jobVersion },
        after: { jobVersion: now.jobVersion },
      },
      weights.code,
    ),
  ]
}

/** Without the datasets that the reader may not see. */
function toSeen(changes: VersionChanges, reader: Reader): VersionChanges {
  const seen = (keys: readonly EntityKey[]) => keys.filter((key) => reader.sees(fromEntityKey(key).namespace))
  return {
    inputsAdded: seen(changes.inputsAdded),
    inputsRemoved: seen(changes.inputsRemoved),
    outputsAdded: seen(changes.outputsAdded),
    outputsRemoved: seen(changes.outputsRemoved),
    changed: changes.changed,
  }
}

/** In words, what differs between two versions of a job. */
function toWords({
  inputsAdded,
  inputsRemoved,
  outputsAdded,
  outputsRemoved,
  changed,
}: VersionChanges): string {
  const words = [
    ...changed.map((what) => codeWords[what]),
    ...namesOf('it reads also', inputsAdded),
    ...namesOf('it reads no more', inputsRemoved),
    ...namesOf('it writes also', outputsAdded),
    ...namesOf('it writes no more', outputsRemoved),
  ]
  return words.length === 0 ? 'other content' : words.join('; ')
}

function namesOf(what: string, keys: readonly EntityKey[]): string[] {
  return keys.length === 0 ? [] : [`${what} ${keys.map((key) => fromEntityKey(key).name).join(', ')}`]
}

const codeWords = {
  SQL: 'other SQL',
  SOURCE: 'other source code',
  COLUMN_LINEAGE: 'other column lineage',
  LINEAGE: 'other stated lineage',
} as const

function findFailure({ of, distance, within }: Seen, window: Window): FoundChange[] {
  // The run that is asked about is not its own cause.
  const failed =
    distance === 0 ? undefined : within.find(({ state }) => state === 'FAIL' || state === 'ABORT')
  if (failed === undefined) return []
  const later = within.filter(
    ({ startedAt, endedAt }) => startedAt > failed.startedAt && (endedAt ?? '') <= window.to,
  )
  const isRecovered = later.some(({ state }) => state === 'COMPLETE')
  const message = failed.errorMessage === undefined ? '' : `: ${failed.errorMessage}`
  return [
    toChange(
      {
        kind: 'FAILED',
        of,
        distance,
        at: failed.endedAt ?? failed.startedAt,
        run: failed.runId,
        reason: isRecovered
          ? `A run failed, and a later one completed${message}`
          : `Its newest run that ended failed${message}`,
      },
      isRecovered ? weights.recovered : weights.failed,
    ),
  ]
}

function findUnfinished({ of, distance, within }: Seen, window: Window): FoundChange[] {
  const open =
    distance === 0
      ? undefined
      : within.find(
          ({ startedAt, endedAt, state }) =>
            startedAt <= window.to && (endedAt === undefined ? isRunning(state) : endedAt > window.to),
        )
  if (open === undefined) return []
  return [
    toChange(
      {
        kind: 'UNFINISHED',
        of,
        distance,
        at: open.startedAt,
        run: open.runId,
        reason:
          open.endedAt === undefined
            ? 'A run had not ended when this one began, and has not since'
            : `A run had not ended when this one began: it ended at ${open.endedAt}`,
      },
      weights.unfinished,
    ),
  ]
}

function isRunning(state: string): boolean {
  return state === 'START' || state === 'RUNNING'
}

function findLateness(
  { of, distance, runs }: { of: string; distance: number; runs: readonly JobRun[] },
  window: Window,
): FoundChange[] {
  const [newest] = runs
  if (distance === 0 || newest === undefined || runs.length < beginningsMin) return []
  const intervals = runs
    .slice(1)
    .map(({ startedAt }, index) =>
      millisecondsBetween({ from: startedAt, to: runs[index]?.startedAt ?? startedAt }),
    )
  const usualMs = median(intervals) ?? 0
  const sinceMs = millisecondsBetween({ from: newest.startedAt, to: window.to })
  // Not once since the last good run, or for far longer than usual.
  const factor = newest.startedAt <= window.from ? 1 : lateFactor
  if (usualMs === 0 || sinceMs <= usualMs * factor) return []
  return [
    toChange(
      {
        kind: 'LATE',
        of,
        distance,
        at: newest.startedAt,
        run: newest.runId,
        reason: `It last began ${toHours(sinceMs)} before this run, and usually begins every ${toHours(usualMs)}`,
      },
      weights.late,
    ),
  ]
}

const hourMs = 3_600_000
const minuteMs = 60_000

function toHours(ms: number): string {
  return ms < 2 * hourMs ? `${Math.round(ms / minuteMs)} min` : `${(ms / hourMs).toFixed(1)} h`
}
