import { facetProperty, standardFacets, wellKnownFacets } from '../../../src/openlineage/facets.ts'

describe('the standard facets', () => {
  it('are 46 at 39 keys', () => {
    expect(standardFacets).toHaveLength(46)
    expect(new Set(standardFacets.map(({ key }) => key)).size).toBe(39)
    expect(standardFacets).toContainEqual({ key: 'parent', where: 'run' })
    expect(standardFacets).toContainEqual({ key: 'subset', where: 'output' })
  })
})

describe('the property of a facet', () => {
  it.each([
    ['schema', 'facet_schema'],
    ['processing_engine', 'facet_processing_engine'],
    ['spark.logicalPlan', 'facet_spark_logicalPlan'],
    ['environment-properties', 'facet_environment_properties'],
  ])('of %s is %s', (key, property) => {
    expect(facetProperty(key)).toBe(property)
  })

  it.each(['my_facet', '', 'constructor'])(
    'is not there for a custom facet that is not well known: "%s"',
    (key) => {
      expect(facetProperty(key)).toBeUndefined()
    },
  )

  it('is its own for each facet', () => {
    const keys = new Set([...standardFacets.map(({ key }) => key), ...wellKnownFacets])

    expect(new Set([...keys].map(facetProperty)).size).toBe(keys.size)
  })
})
