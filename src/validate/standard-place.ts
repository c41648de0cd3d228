import { type FacetLocation, standardFacets } from '../openlineage/facets.ts'
import { type EventKind, readSchemas } from './schema-catalog.ts'

/** Where the standard speaks of a value. */
export interface StandardPlace {
  /** Name and version of the schema: `ParentRunFacet 1-2-0`. */
  schema: string
  /** The path within it: `run/runId`. Empty for the whole. */
  path: string
  url: string
}

const coreVersion = '2-0-2'
const specUrl = 'https://openlineage.io/spec'
const coreUrl = `${specUrl}/${coreVersion}/OpenLineage.json#/$defs`

/** Two of the standard's files hold several schemas each. */
const filesByTitle: ReadonlyMap<string, string> = new Map([
  ['LineageDatasetFacet', 'LineageFacet'],
  ['LineageJobFacet', 'LineageFacet'],
  ['InputSubsetInputDatasetFacet', 'BaseSubsetDatasetFacet'],
  ['OutputSubsetOutputDatasetFacet', 'BaseSubsetDatasetFacet'],
])

const baseFacets: Readonly<Record<FacetLocation, string>> = {
  run: 'RunFacet',
  job: 'JobFacet',
  dataset: 'DatasetFacet',
  input: 'InputDatasetFacet',
  output: 'OutputDatasetFacet',
}

/** The members of an event that have a schema of their own, by how a pointer begins. */
const coreSchemas: readonly [start: RegExp, schema: string][] = [
  [/^#\/run(?:\/|$)/, 'Run'],
  [/^#\/job(?:\/|$)/, 'Job'],
  [/^#\/dataset(?:\/|$)/, 'StaticDataset'],
  [/^#\/inputs\/\d+(?:\/|$)/, 'InputDataset'],
  [/^#\/outputs\/\d+(?:\/|$)/, 'OutputDataset'],
  [/^#\/(?=(?:eventTime|producer|schemaURL)$)/, 'BaseEvent'],
]

const facetPointer =
  /^#\/(?:(run|job|dataset)|(inputs|outputs)\/\d+)\/(facets|inputFacets|outputFacets)\/([^/]+)(?:\/(.*))?$/

/** Finds the schema of the standard that a pointer into an event of a kind leads to; undefined where there is none, as for `#`. */
export type PlaceFinder = (pointer: string, kind: EventKind) => StandardPlace | undefined

/** Reads the titles of `schemas/`: once at start. */
export function createPlaceFinder(): PlaceFinder {
  const schemas = readSchemas()
  const titles = new Map(
    standardFacets.map(({ where, key }) => [
      `${where}/${key}`,
      String(schemas.get(`facets/${where}/${key}.json`)?.['title']),
    ]),
  )
  return (pointer, kind) => findFacetPlace(pointer, titles) ?? findCorePlace(pointer, kind)
}

function findFacetPlace(pointer: string, titles: ReadonlyMap<string, string>): StandardPlace | undefined {
  const match = facetPointer.exec(pointer)
  if (match === null) return undefined
  const [, member, list, map, key = '', path = ''] = match
  const where = toLocation({ member, list, map })
  if (where === undefined) return undefined
  const title = titles.get(`${where}/${key}`)
  if (title === undefined) {
    const base = baseFacets[where]
    return { schema: `${base} ${coreVersion}`, path, url: `${coreUrl}/${base}` }
  }
  const [name = '', version = ''] = title.split(' ')
  const file = filesByTitle.get(name) ?? name
  return { schema: title, path, url: `${specUrl}/facets/${version}/${file}.json#/$defs/${name}` }
}

function toLocation({
  member,
  list,
  map,
}: Record<'member' | 'list' | 'map', string | undefined>): FacetLocation | undefined {
  if (map === 'facets' && list !== undefined) return 'dataset'
  if (map === 'facets' && (member === 'run' || member === 'job' || member === 'dataset')) return member
  if (map === 'inputFacets' && list === 'inputs') return 'input'
  return map === 'outputFacets' && list === 'outputs' ? 'output' : undefined
}

function findCorePlace(pointer: string, kind: EventKind): StandardPlace | undefined {
  const known = coreSchemas.find(([start]) => start.test(pointer))
  if (known !== undefined) {
    const [start, schema] = known
    return {
      schema: `${schema} ${coreVersion}`,
      path: pointer.replace(start, ''),
      url: `${coreUrl}/${schema}`,
    }
  }
  const path = /^#\/(.+)$/.exec(pointer)?.[1]
  if (path === undefined) return undefined
  // The other members, such as eventType and inputs, belong to the kind of event itself.
  return { schema: `${kind} ${coreVersion}`, path, url: `${coreUrl}/${kind}` }
}
