import { readdirSync } from 'node:fs'
import { standardFacets } from '../../../src/openlineage/facets.ts'
import { createSchemaCatalog } from '../../../src/validate/schema-catalog.ts'
import { aRunEvent } from './event-samples.ts'

describe('the schema catalog', () => {
  const catalog = createSchemaCatalog()

  it('holds one schema for each standard facet, and no others', () => {
    const folder = new URL('../../../schemas/facets/', import.meta.url)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.json'),
    )

    expect(files.toSorted()).toEqual(
      standardFacets.map(({ where, key }) => `${where}/${key}.json`).toSorted(),
    )
  })

  it('finds a schema by place and key together', () => {
    expect(catalog.findFacet('job', 'sql')?.structure({})).not.toEqual([])
    expect(catalog.findFacet('run', 'sql')).toBeUndefined()
    expect(catalog.findFacet('run', 'constructor')).toBeUndefined()
    expect(catalog.findFacet('run', 'tags')).not.toBe(catalog.findFacet('dataset', 'tags'))
  })

  it.each(['RunEvent', 'JobEvent'] as const)('holds a %s with its datasets', (kind) => {
    const event = { ...aRunEvent(), inputs: [{ namespace: 'file' }], outputs: [{ name: '' }] }

    expect(
      catalog.events[kind](event).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`),
    ).toEqual(['/inputs/0 required', '/outputs/0 required', '/outputs/0/name minLength'])
  })

  it('tells a wrong format from a wrong structure', () => {
    const facet = { _producer: 'https://example.org', _schemaURL: 'https://example.org', uri: 'file' }
    const dataSource = catalog.findFacet('dataset', 'dataSource')

    expect(dataSource?.whole(facet)).toMatchObject([{ keyword: 'format', instancePath: '/uri' }])
    expect(dataSource?.structure(facet)).toEqual([])
  })
})
