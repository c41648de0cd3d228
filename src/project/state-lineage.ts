import { isUnknownJob, type EntityName } from '../openlineage/keys.ts'
import {
  entitiesOf,
  toDatasetLineage,
  toExplicitLineages,
  type ExplicitLineageVersion,
} from './explicit-lineage.ts'
import { readFacet, type StatedFacets } from './facet-registers.ts'
import { addDataset, addJob, addLineage, type Facts } from './facts.ts'
import type { Saying } from './saying.ts'

/**
 * Adds the explicit lineage that the facets of a job state, with the datasets and jobs that it names.
 * @returns the keys of its entries
 */
export function stateJobLineage(
  facts: Facts,
  { job, facets }: { job: EntityName; facets: StatedFacets },
  saying: Saying,
): string[] {
  const facet = readFacet(facets, 'lineage')
  if (facet === undefined) return []
  const lineages = toExplicitLineages(facet, isUnknownJob(job) ? undefined : job)
  return lineages.map((lineage) => state(facts, lineage, saying))
}

/**
 * Adds the explicit lineage that a dataset's own facet states.
 * @returns its key; null where the facet says that there is none; undefined where there is no facet
 */
export function stateDatasetLineage(
  facts: Facts,
  { dataset, facets }: { dataset: string; facets: StatedFacets },
  saying: Saying,
): string | null | undefined {
  if (facets.facets === undefined || !Object.hasOwn(facets.facets, 'lineage')) return undefined
  const facet = readFacet(facets, 'lineage')
  const lineage = facet === undefined ? undefined : toDatasetLineage(dataset, facet)
  return lineage === undefined ? null : state(facts, lineage, saying)
}

function state(facts: Facts, { key, content }: ExplicitLineageVersion, { time }: Saying): string {
  addLineage(facts, key, { target: content.target.entity, at: time, content })
  for (const { kind, entity } of entitiesOf(content)) {
    if (kind === 'DATASET') addDataset(facts, entity, { at: time })
    else addJob(facts, entity, { first: time, last: undefined, facets: new Map() })
  }
  return key
}
