import type { JsonObject } from '../../src/openlineage/events.ts'
import type { Clock } from './clock.ts'
import { namedIn } from './edges.ts'
import { objectOf, textOf } from './json.ts'
import type { Name } from './said.ts'

/** A change of a dataset's life, and when it was told. */
export interface Change {
  change: string
  at: bigint
  /** The name before a RENAME. */
  former?: Name | undefined
}

/** The change that a lifecycleStateChange facet tells. */
export function changeOf(said: { facet: JsonObject; clock: Clock } | undefined): Change | undefined {
  const change = textOf(said?.facet['lifecycleStateChange'])
  if (said === undefined || change === undefined) return undefined
  const former = namedIn(objectOf(said.facet['previousIdentifier']))
  return { change, at: said.clock.time, former: change === 'RENAME' ? former : undefined }
}
