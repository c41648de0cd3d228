import type { JsonObject } from '../../src/openlineage/events.ts'
import { type Clock, compareClocks, compareTexts, greatest, type Told } from './clock.ts'
import { facetOf, objectOf, textOf } from './json.ts'
import { isRunEvent } from './kinds.ts'
import { type Name, nameOf } from './said.ts'

/** Who says that a run is of a job: its own event, or a child's that forwards it. */
export interface Claim {
  runId: string
  job: Name
  isOwn: boolean
  clock: Clock
}

export function claimsOf(told: readonly Told[]): Claim[] {
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
export function bestReference(
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

/** A real name beats "unknown", the run's own word beats what others forward, the newer beats the older. */
export function compareClaims(a: Claim, b: Claim): number {
  const [realA, realB] = [a, b].map(({ job }) => Number(!job.endsWith('/unknown')))
  const order = (realA ?? 0) - (realB ?? 0) || Number(a.isOwn) - Number(b.isOwn)
  return order || compareClocks(a.clock, b.clock) || compareTexts(a.job, b.job)
}
