import type { Facets, JobEvent, RunEvent } from '../../src/openlineage/events.ts'
import type { Told } from './clock.ts'
import { forwardedOf } from './forwarded.ts'
import { facetOf, textOf } from './json.ts'
import { isRunEvent } from './kinds.ts'
import { mentionsOf } from './mentions.ts'
import { referenceOf } from './references.ts'
import { current, hasJob, isKnownJob, type Name, nameOf, type Said } from './said.ts'

/** What the newest facets say of a job. */
export interface JobFacts {
  job: Name
  description: string | undefined
  processingType: string | undefined
  integration: string | undefined
  sql: string | undefined
  said: Said[]
}

/** Every job that the events name. */
export function jobFactsOf(told: readonly Told[]): JobFacts[] {
  const forwarded = told.flatMap(forwardedOf)
  const said = [
    ...told.flatMap(({ event, clock }) =>
      hasJob(event) ? [{ job: nameOf(event.job), clock, facets: facetsOf(event) }] : [],
    ),
    ...forwarded.map(({ job, ofJob }) => ({ job, ...ofJob, facets: isKnownJob(job) ? ofJob.facets : {} })),
  ]
  const names = new Set([...said.map(({ job }) => job), ...mentionsOf(told).jobs])
  return [...names].map((job) => {
    const saidHere: Said[] = said.filter((one) => one.job === job)
    const jobType = current(saidHere, 'jobType')?.facet
    return {
      job,
      description: textOf(current(saidHere, 'documentation')?.facet['description']),
      processingType: textOf(jobType?.['processingType']),
      integration: textOf(jobType?.['integration']),
      sql: textOf(current(saidHere, 'sql')?.facet['query']),
      said: saidHere,
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
