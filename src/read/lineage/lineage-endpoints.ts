import type { Endpoint } from '../../http/operation.ts'
import type { ReadParts } from '../read-parts.ts'
import { getImpact } from './impact-routes.ts'
import { getLineage } from './lineage-routes.ts'
import { getPath } from './path-routes.ts'

/** Everything that is asked of lineage. */
export function lineageEndpoints(parts: ReadParts): Endpoint[] {
  return [getLineage(parts), getImpact(parts), getPath(parts)]
}
