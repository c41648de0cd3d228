import type { Endpoint } from '../../http/operation.ts'
import type { ReadParts } from '../read-parts.ts'
import { datasetEndpoints } from './dataset-routes.ts'
import { eventEndpoints } from './event-routes.ts'
import { fieldEndpoint } from './field-routes.ts'
import { jobEndpoints } from './job-routes.ts'
import { labelEndpoints } from './label-routes.ts'
import { runEndpoints } from './run-routes.ts'

/** Lists and single things of our own API, with their facets and histories. */
export function entityEndpoints(parts: ReadParts): Endpoint[] {
  return [
    ...datasetEndpoints(parts),
    ...jobEndpoints(parts),
    ...runEndpoints(parts),
    fieldEndpoint(parts),
    ...eventEndpoints(parts),
    ...labelEndpoints(parts),
  ]
}
