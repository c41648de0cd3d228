import fc from 'fast-check'
import type { Facets } from '../../src/openlineage/events.ts'
import { aFacet } from './events.ts'

/*
 * What the small world says of people, tags, measures and tests: few of each, so that facets take them away and bring them back.
 */

const tombstone: Facets = { _deleted: true }

const owner = fc.record({
  name: fc.constantFrom('team:a', 'team:b'),
  type: fc.constantFrom('', 'MAINTAINER', 'OWNER'),
})
export const anyOwnership = fc.oneof(
  fc.array(owner, { maxLength: 3 }).map((owners) => ({ ownership: aFacet({ owners }) })),
  fc.constant({ ownership: tombstone }),
)

const tag = fc.record({
  key: fc.constantFrom('pii', 'tier'),
  value: fc.constantFrom('true', ''),
  source: fc.constantFrom('DBT', 'USER'),
})

/** Tags of a run, which cannot be deleted. */
export const anyRunTags: fc.Arbitrary<Facets> = fc
  .array(tag, { maxLength: 2 })
  .map((tags) => ({ tags: aFacet({ tags }) }))

export const anyJobTags: fc.Arbitrary<Facets> = fc.oneof(anyRunTags, fc.constant({ tags: tombstone }))

export function anyDatasetTags(columns: readonly string[]): fc.Arbitrary<Facets> {
  const ofField = fc
    .record({ tag, field: fc.constantFrom(...columns) })
    .map((said) => ({ ...said.tag, field: said.field }))
  return fc.oneof(
    fc.array(fc.oneof(tag, ofField), { maxLength: 3 }).map((tags) => ({ tags: aFacet({ tags }) })),
    fc.constant({ tags: tombstone }),
  )
}

/** Measures of a dataset and of its columns. */
export function anyMetrics(columns: readonly string[]): fc.Arbitrary<Facets> {
  const ofColumn = fc.record({ nullCount: fc.nat(2), max: fc.nat(2) }, { requiredKeys: [] })
  const columnMetrics = fc.dictionary(fc.constantFrom(...columns), ofColumn)
  return fc.oneof(
    fc
      .record({ rowCount: fc.nat(2), columnMetrics })
      .map((said) => ({ dataQualityMetrics: aFacet(said as unknown as Facets) })),
    fc.constant({ dataQualityMetrics: tombstone }),
  )
}

/** What a run asserts of what it reads. */
export function anyAssertions(columns: readonly string[]): fc.Arbitrary<Facets> {
  const assertion = fc.record(
    {
      assertion: fc.constantFrom('not_null', 'unique'),
      success: fc.boolean(),
      column: fc.constantFrom(...columns, 'z'),
    },
    { requiredKeys: ['assertion', 'success'] },
  )
  return fc
    .array(assertion, { maxLength: 3 })
    .map((assertions) => ({ dataQualityAssertions: aFacet({ assertions }) }))
}

const test = fc.record({ name: fc.constantFrom('t1', 't2'), status: fc.constantFrom('pass', 'fail', 'skip') })
export const anyTests: fc.Arbitrary<Facets> = fc
  .array(test, { maxLength: 2 })
  .map((tests) => ({ test: aFacet({ tests }) }))

/** Run facets of which `_deleted` is a word like any other. */
export const anyNominalTime = fc
  .record({ hour: fc.constantFrom('08', '09'), _deleted: fc.boolean() })
  .map(({ hour, _deleted }) => ({
    nominalTime: aFacet({ nominalStartTime: `2026-11-22T${hour}:00:00Z`, _deleted }),
  }))

/** Facets of a run and of its job that its children may forward. */
export const anyForwardedOfRun: fc.Arbitrary<Facets> = fc.oneof(
  fc.constant({}),
  anyNominalTime,
  anyRunTags,
  anyTests,
  fc.constant({ errorMessage: aFacet({ message: 'told by a child', programmingLanguage: 'x' }) }),
)
export const anyForwardedOfJob: fc.Arbitrary<Facets> = fc.oneof(
  fc.constant({}),
  anyOwnership,
  anyJobTags,
  fc
    .constantFrom('BATCH', 'STREAMING')
    .map((processingType) => ({ jobType: aFacet({ processingType, integration: 'FORWARDED' }) })),
  fc.constant({ stranger: aFacet({ n: 2 }) }),
)
