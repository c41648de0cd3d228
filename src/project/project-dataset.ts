import type { DatasetEvent } from '../openlineage/events.ts'
import { toEntityKey, type EntityKey } from '../openlineage/keys.ts'
import { toRegister } from './clock.ts'
import { readFacet, toFacetRegisters, type StatedFacets } from './facet-registers.ts'
import { addDataset, addRename, type Facts } from './facts.ts'
import { DROP, toPreviousName } from './lifecycle.ts'
import { stateColumnLineage, stateSchema } from './project-datasets.ts'
import { stateDatasetLineage } from './state-lineage.ts'
import type { Saying } from './saying.ts'

/** Adds what a DatasetEvent says: the dataset's facets, and what they declare of its schema, its sources and its life. */
export function projectDataset(facts: Facts, event: DatasetEvent, saying: Saying): void {
  const { time, clock, broken } = saying
  const dataset = toEntityKey(event.dataset)
  const { facets: all } = event.dataset
  const stated: StatedFacets = { facets: all, where: 'dataset', pointer: '#/dataset/facets', broken }
  const facets = toFacetRegisters(stated, saying)
  const contentOf = (key: string) => ({ dataset, facets: [stated], hash: facets.get(key)?.hash })
  const schema = stateSchema(facts, contentOf('schema'), saying)
  const columnLineage = stateColumnLineage(facts, contentOf('columnLineage'), saying)
  const lineage = stateDatasetLineage(facts, { dataset, facets: stated }, saying)
  addDataset(facts, dataset, {
    at: time,
    facets,
    declared: {
      // An empty list of fields says nothing; a deleted facet says that there is no schema any more.
      schema: toRegister(facets.get('schema')?.deleted ? null : (schema ?? undefined), clock),
      lineage: toRegister(lineage, clock),
      columnLineage: toRegister(columnLineage, clock),
      change: toRegister(readFacet(stated, 'lifecycleStateChange')?.lifecycleStateChange, clock),
    },
  })
  projectRename(facts, { dataset, stated }, saying)
}

/** A renamed dataset is there no more under its former name. */
function projectRename(
  facts: Facts,
  { dataset, stated }: { dataset: EntityKey; stated: StatedFacets },
  { time, clock }: Saying,
): void {
  const from = toPreviousName(dataset, readFacet(stated, 'lifecycleStateChange'))
  if (from === undefined) return
  addDataset(facts, from, { at: time, declared: { change: { clock, value: DROP } } })
  addRename(facts, { from, to: dataset, at: time })
}
