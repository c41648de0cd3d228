import type { InterpretedFacets } from '../openlineage/facet-types.ts'
import { toContentKey } from '../openlineage/keys.ts'
import type { AccumulatedRun } from './accumulated-run.ts'
import { toRegister, type Claim } from './clock.ts'
import { readFacet, type StatedFacets } from './facet-registers.ts'
import type { Saying } from './saying.ts'
import { toSqlFingerprint } from './sql-fingerprint.ts'

/** A version that a code location names tells more than the code's text. */
const sourceStandings = { location: 2, text: 1 }

/** What the facets of a job say of its code. */
export function stateCode(
  facets: StatedFacets,
  { clock }: Saying,
): Pick<AccumulatedRun, 'processingType' | 'sql' | 'source'> {
  const jobType = readFacet(facets, 'jobType')
  const sql = readFacet(facets, 'sql')
  const location = readFacet(facets, 'sourceCodeLocation')
  const code = readFacet(facets, 'sourceCode')
  return {
    processingType: toRegister(jobType?.processingType, clock),
    sql: toRegister(sql === undefined ? undefined : toSqlFingerprint(sql.query), clock),
    source: toSourceClaim({ location, code }, clock),
  }
}

function toSourceClaim(
  {
    location,
    code,
  }: {
    location: InterpretedFacets['sourceCodeLocation'] | undefined
    code: InterpretedFacets['sourceCode'] | undefined
  },
  clock: string,
): Claim<string> | undefined {
  if (location?.version !== undefined)
    return { standing: sourceStandings.location, clock, value: location.version }
  if (code === undefined) return undefined
  return { standing: sourceStandings.text, clock, value: toContentKey(code.sourceCode) }
}
