import type { JsonObject, RunEvent } from '../../src/openlineage/events.ts'
import { type Clock, compareClocks, compareTexts, greatest, newest, oldest, type Told } from './clock.ts'
import { type Read, readsOf, type Written, writesOf } from './run-datasets.ts'
import { facetOf, objectOf, textOf } from './json.ts'
import { isRunEvent } from './kinds.ts'
import { current, inputsOf, jobFacets, type Name, nameOf, outputsOf, runFacets, sayings } from './said.ts'

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
  const runIds = new Set(claims.map(({ runId }) => runId))
  return [...runIds].toSorted().map((runId) =>
    runOf(
      runId,
      told.filter((one): one is Told<RunEvent> => isRunEvent(one.event) && one.event.run.runId === runId),
      claims.filter((claim) => claim.runId === runId),
    ),
  )
}

/** Who says that a run is of a job: its own event, or a child's that forwards it. */
export interface Claim {
  runId: string
  job: Name
  isOwn: boolean
  clock: Clock
}

function claimsOf(told: readonly Told[]): Claim[] {
  return told.flatMap(({ event, clock }) => {
    if (!isRunEvent(event)) return []
    const parent = facetOf(event.run.facets, 'parent')
    return [
      { runId: event.run.runId, job: nameOf(event.job), isOwn: true, clock },
      ...[objectOf(parent?.['root']), parent].flatMap((facet) => {
        const reference = referenceOf(facet)
        return reference === undefined ? [] : [{ ...reference, isOwn: false, clock }]
      }),
    ]
  })
}

export function referenceOf(facet: JsonObject | undefined): { runId: string; job: Name } | undefined {
  const runId = textOf(objectOf(facet?.['run'])?.['runId'])
  const job = objectOf(facet?.['job'])
  const [namespace, name] = [textOf(job?.['namespace']), textOf(job?.['name'])]
  if (runId === undefined || namespace === undefined || name === undefined) return undefined
  return { runId, job: nameOf({ namespace, name }) }
}

/** The newest reference; one to a run of a job "unknown" yields to any other, one to the run itself says nothing. */
function bestReference(
  runId: string,
  parents: readonly { facet: JsonObject; clock: Clock }[],
  key?: 'root',
): Claim | undefined {
  const references = parents.flatMap(({ facet, clock }) => {
    const reference = referenceOf(key === undefined ? facet : objectOf(facet[key]))
    return reference === undefined || reference.runId === runId ? [] : [{ ...reference, isOwn: false, clock }]
  })
  return greatest(references, compareClaims)
}

function runOf(runId: string, told: Told<RunEvent>[], claims: Claim[]): Run {
  const parents = sayings(runFacets(told), 'parent')
  const jobType = current(jobFacets(told), 'jobType')?.facet
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

/** A real name beats "unknown", the run's own word beats what others forward, the newer beats the older. */
function compareClaims(a: Claim, b: Claim): number {
  const [realA, realB] = [a, b].map(({ job }) => Number(!job.endsWith('/unknown')))
  const order = (realA ?? 0) - (realB ?? 0) || Number(a.isOwn) - Number(b.isOwn)
  return order || compareClocks(a.clock, b.clock) || compareTexts(a.job, b.job)
}
