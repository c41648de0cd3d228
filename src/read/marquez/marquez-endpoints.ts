import type { Endpoint } from '../../http/operation.ts'
import type { ReadParts } from '../read-parts.ts'
import { changeEndpoints } from './change-routes.ts'
import { datasetEndpoints } from './dataset-routes.ts'
import { eventEndpoints } from './event-routes.ts'
import { jobEndpoints } from './job-routes.ts'
import { lineageEndpoints } from './lineage-routes.ts'
import { namespaceEndpoints } from './namespace-routes.ts'
import { runEndpoints } from './run-routes.ts'
import { searchEndpoints } from './search-routes.ts'
import { statsEndpoints } from './stats-routes.ts'
import { tagEndpoints } from './tag-routes.ts'

/** All of Marquez's API that we speak (docs/marquez-api.md). */
export function marquezEndpoints(parts: ReadParts): Endpoint[] {
  return [
    ...namespaceEndpoints(parts),
    ...jobEndpoints(parts),
    ...runEndpoints(parts),
    ...datasetEndpoints(parts),
    ...lineageEndpoints(parts),
    ...eventEndpoints(parts),
    ...searchEndpoints(parts),
    ...tagEndpoints(parts),
    ...statsEndpoints(parts),
    ...changeEndpoints(parts),
  ]
}
