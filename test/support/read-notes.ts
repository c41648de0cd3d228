import { decodeClocks } from '../../src/merge/facet-clocks.ts'
import { toCanonicalJson } from '../../src/openlineage/canonical-json.ts'
import { decodeRun } from '../../src/project/decode-run.ts'

/** What a property says, for dumps that compare notes of one version with those of another: equal notes give equal texts. */
export function readNotes(property: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (property === 'accumulated') return toCanonicalJson(decodeRun(value))
  if (property === 'facetClocks') return toCanonicalJson(Object.fromEntries(decodeClocks(value)))
  return value
}
