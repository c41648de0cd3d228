import { isJsonObject, readPath } from '../openlineage/json-object.ts'
import { toContentKey, type EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import { facetValue, type FacetRegister, type FacetRegisters } from './facet-registers.ts'
import { readOwners, readTags, type TagName } from './owners-and-tags.ts'
import { isIndexablePath } from './schema-version.ts'
import { readAssertions } from './stated-tests.ts'

/**
 * The owners, tags and fields that facets name. They stay once they are named, whatever facet turns out to be the newest: so neither
 * the order of events nor another worker's changes matter to them.
 */
export interface NamedInFacets {
  owners: Set<string>
  tags: Map<string, TagName>
  /** By the dataset and the names together. */
  fields: Map<string, FieldMention>
}

/** Fields that a facet names beside the schema: tagged, measured or tested ones. */
export interface FieldMention {
  dataset: EntityKey
  /** Their paths, in order. */
  paths: string[]
  first: Instant
  last: Instant
}

export function emptyNamedInFacets(): NamedInFacets {
  return { owners: new Set(), tags: new Map(), fields: new Map() }
}

/** Adds what facets of a job name. */
export function nameInJobFacets(named: NamedInFacets, facets: FacetRegisters): void {
  for (const { name } of readOwners(facetValue(facets.get('ownership')))) named.owners.add(name)
  nameInRunFacets(named, facets)
}

/** Adds what facets of a run name. */
export function nameInRunFacets(named: NamedInFacets, facets: FacetRegisters): void {
  for (const { key, value } of readTags(facetValue(facets.get('tags'))))
    named.tags.set(JSON.stringify([key, value]), { key, value })
}

interface Mention {
  dataset: EntityKey
  at: Instant
}

/** Adds what facets of a dataset name. */
export function nameInDatasetFacets(named: NamedInFacets, mention: Mention, facets: FacetRegisters): void {
  nameInJobFacets(named, facets)
  const tagged = readTags(facetValue(facets.get('tags'))).flatMap(({ field }) => field ?? [])
  nameFields(named, mention, tagged)
  nameFields(named, mention, measuredFields(facets.get('dataQualityMetrics')))
}

/** Adds what the facets of an input name. */
export function nameInInputFacets(named: NamedInFacets, mention: Mention, facets: FacetRegisters): void {
  const tested = readAssertions(facetValue(facets.get('dataQualityAssertions'))).flatMap(
    ({ column }) => column ?? [],
  )
  nameFields(named, mention, tested)
}

function measuredFields(facet: FacetRegister | undefined): string[] {
  const metrics = readPath(facetValue(facet), ['columnMetrics'])
  return isJsonObject(metrics) ? Object.keys(metrics) : []
}

function nameFields({ fields }: NamedInFacets, { dataset, at }: Mention, names: string[]): void {
  const paths = [...new Set(names)].filter(isIndexablePath).toSorted()
  if (paths.length === 0) return
  const key = toContentKey(`${dataset} ${JSON.stringify(paths)}`)
  const present = fields.get(key) ?? { dataset, paths, first: at, last: at }
  if (at < present.first) present.first = at
  if (at > present.last) present.last = at
  fields.set(key, present)
}
