import type { FacetLocation } from '../../src/openlineage/facets.ts'
import type {
  Facets,
  InputDataset,
  JsonValue,
  LineageEvent,
  OutputDataset,
} from '../../src/openlineage/events.ts'
import { aDatasetEvent, aJobEvent, aRunEvent } from './events.ts'

/**
 * Events of each kind that may carry a facet at that place, the run completed; without a facet, the same events without it. What
 * differs in the graph is the facet's doing.
 */
export function eventsWithFacet(where: FacetLocation, key: string, facet?: JsonValue): LineageEvent[] {
  const facets: Facets = facet === undefined ? {} : { [key]: facet }
  const at = (place: FacetLocation) => (place === where ? facets : {})
  const [input, output]: [InputDataset, OutputDataset] = [
    { namespace: 'file', name: '/in', facets: at('dataset'), inputFacets: at('input') },
    { namespace: 'file', name: '/out', facets: at('dataset'), outputFacets: at('output') },
  ]
  const runs = (['START', 'COMPLETE'] as const).map((eventType) =>
    aRunEvent({
      eventType,
      run: { runId: '0198c0de-0000-7000-8000-00000000000a', facets: at('run') },
      job: { namespace: 'jobs', name: 'dag.task', facets: at('job') },
      inputs: [input],
      outputs: [output],
    }),
  )
  const declared = aJobEvent({
    job: { namespace: 'jobs', name: 'declared', facets: at('job') },
    inputs: [{ namespace: 'file', name: '/in' }],
    outputs: [{ namespace: 'file', name: '/declared' }],
  })
  const dataset = aDatasetEvent({
    dataset: { namespace: 'file', name: '/alone', facets: at('dataset') },
  })
  if (where === 'job') return [...runs, declared]
  return where === 'dataset' ? [...runs, dataset] : runs
}
