import type { Facets, JobEvent, RunEvent } from '../../src/openlineage/events.ts'
import type { Told } from './clock.ts'
import { facetOf, textOf } from './json.ts'
import { isKnownJob } from './jobs.ts'
import { isRunEvent } from './kinds.ts'
import { type Run, referenceOf } from './runs.ts'
import { current, hasJob, type Name, nameOf, type Said } from './said.ts'

/** What the newest facets say of a job. */
export interface JobFacts {
  job: Name
  description: string | undefined
  processingType: string | undefined
  integration: string | undefined
  sql: string | undefined
}

/** Every job that the events name. */
export function jobFactsOf(told: readonly Told[], runs: readonly Run[]): JobFacts[] {
  const said = told.flatMap(({ event, clock }) =>
    hasJob(event) ? [{ job: nameOf(event.job), clock, facets: facetsOf(event) }] : [],
  )
  const names = new Set([
    ...said.map(({ job }) => job),
    ...runs.flatMap(({ claims }) => claims.map(({ job }) => job)),
  ])
  return [...names].map((job) => {
    const saidHere: Said[] = said.filter((one) => one.job === job)
    const jobType = current(saidHere, 'jobType')?.facet
    return {
      job,
      description: textOf(current(saidHere, 'documentation')?.facet['description']),
      processingType: textOf(jobType?.['processingType']),
      integration: textOf(jobType?.['integration']),
      sql: textOf(current(saidHere, 'sql')?.facet['query']),
    }
  })
}

/** Which jobs are children of which: all that events have said of it, whatever their runs turned out to be. */
export function jobParentsOf(told: readonly Told[]): { job: Name; parent: Name }[] {
  return told.flatMap(({ event }) => {
    if (!isRunEvent(event)) return []
    const job = nameOf(event.job)
    const parent = referenceOf(facetOf(event.run.facets, 'parent'))?.job
    if (parent === undefined || job === parent || ![job, parent].every(isKnownJob)) return []
    return [{ job, parent }]
  })
}

/** What a run says while it does not know its job's name is not of the job "unknown". */
function facetsOf(event: RunEvent | JobEvent): Facets {
  return isRunEvent(event) && !isKnownJob(nameOf(event.job)) ? {} : (event.job.facets ?? {})
}
