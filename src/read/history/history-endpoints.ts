import type { Endpoint } from '../../http/operation.ts'
import type { ReadParts } from '../read-parts.ts'
import { changesEndpoint } from './changes-routes.ts'
import { diffEndpoint } from './diff-routes.ts'
import { originEndpoint } from './origin-routes.ts'

/** What was, and what differs from it: where data came from, what changed before a run, what differs between two times. */
export function historyEndpoints(parts: ReadParts): Endpoint[] {
  return [originEndpoint(parts), changesEndpoint(parts), diffEndpoint(parts)]
}
