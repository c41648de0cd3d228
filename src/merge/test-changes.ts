import type { EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import type { AccumulatedRun } from '../project/accumulated-run.ts'
import { facetClock, facetValue } from '../project/facet-registers.ts'
import type { RunFact } from '../project/facts.ts'
import { readAssertions, readTests, type StatedTest } from '../project/stated-tests.ts'
import type { FacetChanges } from './facet-changes.ts'

/** The tests that the newest facet of a run states of one target: its whole set. */
export interface TestChange {
  /** Undefined for a `test` facet, which says how the run's tests went, whatever they checked. */
  dataset: EntityKey | undefined
  at: Instant
  tests: StatedTest[]
  /** Whether the run has stated none of this target before. */
  isFirst: boolean
}

const ASSERTIONS = 'dataQualityAssertions'
const TESTS = 'test'

/** Which sets of tests a batch brings of a run. A facet that says the same again was checked again: its time moves. */
export function toTestChanges(
  { newer, known }: FacetChanges,
  {
    accumulatedBefore,
    accumulated,
    fact,
  }: { accumulatedBefore: AccumulatedRun; accumulated: AccumulatedRun; fact: RunFact },
): TestChange[] {
  const changes = [...fact.inputFacets].flatMap(([dataset, facets]): TestChange[] => {
    const said = facets.get(ASSERTIONS)
    const before = accumulatedBefore.inputs[dataset]?.facets[ASSERTIONS]
    const after = accumulated.inputs[dataset]?.facets[ASSERTIONS]
    const isNewest = said !== undefined && after?.clock === facetClock(said) && after.clock !== before?.clock
    if (!isNewest) return []
    return [
      { dataset, at: said.time, tests: readAssertions(facetValue(said)), isFirst: before === undefined },
    ]
  })
  const tested = newer.get(TESTS)
  if (tested === undefined) return changes
  const tests = readTests(facetValue(tested))
  return [...changes, { dataset: undefined, at: tested.time, tests, isFirst: !known.has(TESTS) }]
}
