import { standardFacets } from '../openlineage/facets.ts'

/**
 * What a place in an event is to who looks for secrets:
 * - `text`: a value may be a URL with a password.
 * - `facets`: each member is a facet.
 * - `pairs`: things with a name or key, and a value.
 * - `properties`: members are settings of some system.
 * - `custom`: members are whatever somebody thought of.
 */
export type SecretPlace = 'text' | 'facets' | 'pairs' | 'properties' | 'custom'

const pairFacets: readonly string[] = ['environmentVariables', 'executionParameters']
const propertyFacets: readonly string[] = ['spark_properties', 'environment-properties', 'hive_properties']

/** Facets in which settings lie about by name. */
export const settingsFacets: readonly string[] = [...pairFacets, ...propertyFacets]

const placeByFacet: ReadonlyMap<string, SecretPlace> = new Map<string, SecretPlace>([
  ...standardFacets.map(({ key }) => [key, 'text'] as const),
  ...pairFacets.map((key) => [key, 'pairs'] as const),
  ...propertyFacets.map((key) => [key, 'properties'] as const),
])

const facetMaps: ReadonlySet<string> = new Set(['facets', 'inputFacets', 'outputFacets'])

/** What a member of an object is, where the object is something. */
export function placeOfMember(place: SecretPlace, key: string): SecretPlace {
  if (place === 'facets') return placeByFacet.get(key) ?? 'custom'
  // Also of a parent, which may come with facets of its own.
  return place === 'text' && facetMaps.has(key) ? 'facets' : place
}

/** What an item of an array is. */
export function placeOfItem(place: SecretPlace): SecretPlace {
  return place === 'facets' ? 'text' : place
}
