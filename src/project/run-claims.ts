import { readText } from '../openlineage/json-object.ts'
import type { Claim } from './clock.ts'
import { readFacet, type StatedFacets } from './facet-registers.ts'
import type { Saying } from './saying.ts'

/** Characters of an error message or user kept as a property; the whole stands in the facet. */
const CLAIM_LENGTH_MAX = 16_384

/** Who ran it: the user who triggered the DAG run, else the user of the Spark application. */
export function toUserClaim(facets: StatedFacets, { clock }: Saying): Claim<string> | undefined {
  const candidates = [
    readText(readFacet(facets, 'airflow'), ['dagRun', 'triggering_user_name']),
    readText(readFacet(facets, 'airflowDagRun'), ['dagRun', 'triggering_user_name']),
    readText(readFacet(facets, 'spark_applicationDetails'), ['userName']),
  ]
  return firstClaim(candidates, clock)
}

/** Why it failed: the standard's facet before the one that Spark sends instead. */
export function toErrorClaim(facets: StatedFacets, { clock }: Saying): Claim<string> | undefined {
  const candidates = [
    readFacet(facets, 'errorMessage')?.message,
    readText(readFacet(facets, 'spark.exception'), ['message']),
  ]
  return firstClaim(candidates, clock)
}

function firstClaim(candidates: (string | undefined)[], clock: string): Claim<string> | undefined {
  const index = candidates.findIndex((candidate) => candidate !== undefined)
  const value = candidates[index]
  if (value === undefined) return undefined
  return { standing: candidates.length - index, clock, value: value.slice(0, CLAIM_LENGTH_MAX) }
}
