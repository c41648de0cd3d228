import neo4j from 'neo4j-driver'
import { seesAll } from '../../../../src/http/access.ts'
import { toFacets, toPublicProperties } from '../../../../src/read/entities/show-value.ts'

describe('the public properties of a node', () => {
  it('have times as instants, and neither facets nor notes of our own', () => {
    const shown = toPublicProperties({
      firstSeenAt: new neo4j.types.DateTime(2026, 11, 22, 10, 0, 0, 1, 0),
      description: null,
      rowCount: 3,
      parameters: ['a=1'],
      lock: true,
      writtenClock: 'x',
      facet_sql: '{}',
      facets_other: '{}',
      facetClocks: '{}',
    })

    expect(shown).toEqual({
      firstSeenAt: '2026-11-22T10:00:00.000000001Z',
      rowCount: 3,
      parameters: ['a=1'],
    })
  })
})

describe('the facets of a node', () => {
  const node = {
    facet_spark_logicalPlan: '{"plan":[]}',
    facet_parent: '{"job":{"namespace":"secret","name":"x"}}',
    facets_other: '{"own":{"n":1}}',
  }

  it('stand under the keys that they have in events', () => {
    expect(Object.keys(toFacets(node, seesAll)).toSorted()).toEqual(['own', 'parent', 'spark.logicalPlan'])
  })

  it('are left out where they name what the reader may not see', () => {
    const reader = { namespaces: ['open'], sees: (namespace: string) => namespace === 'open' }

    expect(Object.keys(toFacets(node, reader)).toSorted()).toEqual(['own', 'spark.logicalPlan'])
  })
})
