import type { RunEvent } from '../../src/openlineage/events.ts'
import { greatest, newest, oldest, type Told } from './clock.ts'
import { forwardedOf } from './forwarded.ts'
import { textOf } from './json.ts'
import { isRunEvent } from './kinds.ts'
import { bestReference, type Claim, claimsOf, compareClaims } from './references.ts'
import { type Read, readsOf, type Written, writesOf } from './run-datasets.ts'
import { current, inputsOf, jobFacets, type Name, outputsOf, runFacets, type Said, sayings } from './said.ts'

/** A run as all its events together say it is. */
export interface Run {
  runId: string
  /** Its own events. */
  told: Told<RunEvent>[]
  state: string | undefined
  isStreaming: boolean
  /** When the event came that tells the state of a streaming run: an OTHER tells none. */
  stateAt: bigint | undefined
  startedAt: bigint | undefined
  endedAt: bigint | undefined
  job: Name | undefined
  claims: Claim[]
  parent: string | undefined
  root: string | undefined
  inputs: Read[]
  outputs: Written[]
}

/** Every run that the events name. */
export function runsOf(told: readonly Told[]): Run[] {
  const claims = claimsOf(told)
  const forwarded = told.flatMap(forwardedOf)
  const runIds = new Set(claims.map(({ runId }) => runId))
  return [...runIds].toSorted().map((runId) =>
    runOf(
      runId,
      told.filter((one): one is Told<RunEvent> => isRunEvent(one.event) && one.event.run.runId === runId),
      claims.filter((claim) => claim.runId === runId),
      forwarded.filter((one) => one.runId === runId).map(({ ofJob }) => ofJob),
    ),
  )
}

function runOf(runId: string, told: Told<RunEvent>[], claims: Claim[], ofJob: Said[]): Run {
  const parents = sayings(runFacets(told), 'parent')
  const jobType = current([...jobFacets(told), ...ofJob], 'jobType')?.facet
  const isStreaming = ['STREAMING', 'SERVICE'].includes(textOf(jobType?.['processingType']) ?? '')
  const state = stateOf(told, isStreaming)
  const outputs = told.flatMap(outputsOf)
  return {
    runId,
    told,
    isStreaming,
    state,
    stateAt: lastTelling(told)?.clock.time,
    startedAt: (oldest(ofTypes(told, ['START'])) ?? oldest(told))?.clock.time,
    // A streaming run that goes on after an end has none.
    endedAt: ends.includes(state ?? '') ? newest(ofTypes(told, ends))?.clock.time : undefined,
    job: greatest(claims, compareClaims)?.job,
    claims,
    parent: bestReference(runId, parents)?.runId,
    // A later parent that names no root does not take back the one named before.
    root: bestReference(runId, parents, 'root')?.runId,
    inputs: readsOf(told.flatMap(inputsOf), outputs),
    outputs: writesOf(outputs),
  }
}

const ends = ['FAIL', 'ABORT', 'COMPLETE']

function ofTypes(told: readonly Told<RunEvent>[], types: readonly string[]): Told<RunEvent>[] {
  return told.filter(({ event }) => types.includes(event.eventType ?? 'OTHER'))
}

function stateOf(told: readonly Told<RunEvent>[], isStreaming: boolean): string | undefined {
  const end = ends.find((type) => ofTypes(told, [type]).length > 0)
  if (end !== undefined && !isStreaming) return end
  const last = lastTelling(told)
  return last === undefined ? undefined : (last.event.eventType ?? 'OTHER')
}

function lastTelling(told: readonly Told<RunEvent>[]): Told<RunEvent> | undefined {
  const telling = ofTypes(told, ['START', 'RUNNING', ...ends])
  return newest(telling.length > 0 ? telling : told)
}
