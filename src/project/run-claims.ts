import type { InterpretedFacets } from '../openlineage/facet-types.ts'
import { readPath } from '../openlineage/json-object.ts'
import type { Claim } from './clock.ts'
import { readFacet, type StatedFacets } from './facet-registers.ts'
import type { Saying } from './saying.ts'

/** Characters of an error message or user kept as a property; the whole stands in the facet. */
const CLAIM_LENGTH_MAX = 16_384

/** Who ran it: the user who triggered the DAG run, else the user of the Spark application. */
export function toUserClaim(facets: StatedFacets, { clock }: Saying): Claim<string> | undefined {
  const candidates = [
    readText(facets, ['airflow', 'dagRun', 'triggering_user_name']),
    readText(facets, ['airflowDagRun', 'dagRun', 'triggering_user_name']),
    readText(facets, ['spark_applicationDetails', 'userName']),
  ]
  return firstClaim(candidates, clock)
}

/** Why it failed: the standard's facet before the one that Spark sends instead. */
export function toErrorClaim(facets: StatedFacets, { clock }: Saying): Claim<string> | undefined {
  const candidates = [
    readFacet(facets, 'errorMessage')?.message,
    readText(facets, ['spark.exception', 'message']),
  ]
  return firstClaim(candidates, clock)
}

/** A text deep in a facet that has no schema to rely on. */
function readText(
  facets: StatedFacets,
  [key, ...path]: readonly [keyof InterpretedFacets, ...string[]],
): string | undefined {
  const value = readPath(readFacet(facets, key), path)
  if (typeof value === 'string' && value !== '') return value
  return undefined
}

function firstClaim(candidates: (string | undefined)[], clock: string): Claim<string> | undefined {
  const index = candidates.findIndex((candidate) => candidate !== undefined)
  const value = candidates[index]
  if (value === undefined) return undefined
  return { standing: candidates.length - index, clock, value: value.slice(0, CLAIM_LENGTH_MAX) }
}
