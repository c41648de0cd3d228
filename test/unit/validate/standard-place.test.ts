import { standardFacets } from '../../../src/openlineage/facets.ts'
import { createPlaceFinder } from '../../../src/validate/standard-place.ts'

const find = createPlaceFinder()
const core = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs'
const facets = 'https://openlineage.io/spec/facets'

const maps = {
  run: '#/run/facets',
  job: '#/job/facets',
  dataset: '#/outputs/0/facets',
  input: '#/inputs/3/inputFacets',
  output: '#/outputs/12/outputFacets',
}

describe('the place in the standard', () => {
  it.each([
    ['#/eventTime', 'BaseEvent 2-0-2', 'eventTime', `${core}/BaseEvent`],
    ['#/producer', 'BaseEvent 2-0-2', 'producer', `${core}/BaseEvent`],
    ['#/eventType', 'RunEvent 2-0-2', 'eventType', `${core}/RunEvent`],
    ['#/inputs', 'RunEvent 2-0-2', 'inputs', `${core}/RunEvent`],
    ['#/run', 'Run 2-0-2', '', `${core}/Run`],
    ['#/run/runId', 'Run 2-0-2', 'runId', `${core}/Run`],
    ['#/job/namespace', 'Job 2-0-2', 'namespace', `${core}/Job`],
    ['#/dataset/name', 'StaticDataset 2-0-2', 'name', `${core}/StaticDataset`],
    ['#/inputs/3/name', 'InputDataset 2-0-2', 'name', `${core}/InputDataset`],
    ['#/outputs/0', 'OutputDataset 2-0-2', '', `${core}/OutputDataset`],
    [
      '#/run/facets/parent/run/runId',
      'ParentRunFacet 1-2-0',
      'run/runId',
      `${facets}/1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet`,
    ],
    [
      '#/dataset/facets/schema',
      'SchemaDatasetFacet 1-2-0',
      '',
      `${facets}/1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet`,
    ],
    [
      '#/inputs/0/inputFacets/subset/inputCondition',
      'InputSubsetInputDatasetFacet 1-0-0',
      'inputCondition',
      `${facets}/1-0-0/BaseSubsetDatasetFacet.json#/$defs/InputSubsetInputDatasetFacet`,
    ],
    [
      '#/job/facets/lineage/entries/0',
      'LineageJobFacet 1-0-0',
      'entries/0',
      `${facets}/1-0-0/LineageFacet.json#/$defs/LineageJobFacet`,
    ],
    ['#/run/facets/my_facet/_producer', 'RunFacet 2-0-2', '_producer', `${core}/RunFacet`],
    ['#/outputs/1/outputFacets/mine', 'OutputDatasetFacet 2-0-2', '', `${core}/OutputDatasetFacet`],
  ])('of %s is %s', (pointer, schema, path, url) => {
    expect(find(pointer, 'RunEvent')).toEqual({ schema, path, url })
  })

  it('of a member of the event itself is its kind', () => {
    expect(find('#/outputs', 'JobEvent')).toMatchObject({ schema: 'JobEvent 2-0-2', path: 'outputs' })
  })

  it('is none for the event as a whole', () => {
    expect(find('#', 'RunEvent')).toBeUndefined()
  })

  it.each(standardFacets)('is known for the $where facet $key', ({ where, key }) => {
    const place = find(`${maps[where]}/${key}`, 'RunEvent')

    const [name = '', version = ''] = place?.schema.split(' ') ?? []
    expect(version).toMatch(/^\d+-\d+-\d+$/)
    expect(place?.url).toMatch(`${facets}/${version}/`)
    expect(place?.url.endsWith(`.json#/$defs/${name}`)).toBe(true)
  })
})
