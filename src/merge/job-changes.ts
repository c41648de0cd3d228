import type { EntityKey } from '../openlineage/keys.ts'
import type { Facts, JobFact } from '../project/facts.ts'
import { encodeContent } from '../project/job-content.ts'
import { toFacetChanges, type FacetChanges } from './facet-changes.ts'
import { toInterpretedProperties } from './interpreted-properties.ts'
import type { StoredJob } from './lock-nodes.ts'
import { toStoredProperties, type Properties } from './properties.ts'

/** What a batch makes of one job's node, its structure aside. */
export interface JobNodeChange {
  job: EntityKey
  isNew: boolean
  properties: Properties
  facets: FacetChanges
}

export function toJobChanges(facts: Facts, stored: ReadonlyMap<EntityKey, StoredJob>): JobNodeChange[] {
  return [...stored].flatMap(([job, present]) => {
    const fact = facts.jobs.get(job)
    return fact === undefined ? [] : [toJobChange(job, fact, present)]
  })
}

function toJobChange(job: EntityKey, fact: JobFact, present: StoredJob): JobNodeChange {
  const facets = toFacetChanges(present, fact.facets)
  return {
    job,
    isNew: present.firstSeenAt === undefined,
    properties: {
      ...toStoredProperties(toSpan(fact, present)),
      ...facets.properties,
      ...toInterpretedProperties('job', facets.changed),
      ...(isNewlyDeclared(fact, present) ? toDeclared(fact) : {}),
    },
    facets,
  }
}

/** The jobs for which the batch brings a newer JobEvent. */
export function findNewlyDeclared(facts: Facts, stored: ReadonlyMap<EntityKey, StoredJob>): EntityKey[] {
  return [...stored].flatMap(([job, present]) => {
    const fact = facts.jobs.get(job)
    return fact !== undefined && isNewlyDeclared(fact, present) ? [job] : []
  })
}

/** Whether the batch brings a JobEvent newer than the one that the job knows. */
function isNewlyDeclared({ declared }: Pick<JobFact, 'declared'>, { declaredClock }: StoredJob): boolean {
  return declared !== undefined && (declaredClock === undefined || declared.clock > declaredClock)
}

function toDeclared({ declared }: JobFact): Properties {
  if (declared === undefined) return {}
  return { declared: encodeContent(declared.value), declaredClock: declared.clock }
}

function toSpan({ first, last }: JobFact, { firstSeenAt, lastSeenAt }: StoredJob): Properties {
  const isFirst = firstSeenAt === undefined || first < firstSeenAt
  const isLast = last !== undefined && (lastSeenAt === undefined || last > lastSeenAt)
  return { ...(isFirst ? { firstSeenAt: first } : {}), ...(isLast ? { lastSeenAt: last } : {}) }
}
