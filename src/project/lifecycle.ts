import type { LifecycleStateChangeDatasetFacet } from '../openlineage/facet-types.ts'
import { isNodeName, toEntityKey, type EntityKey } from '../openlineage/keys.ts'

export const DROP = 'DROP'
export const RENAME = 'RENAME'

/** The name that a dataset had before, where a lifecycle change renames it. */
export function toPreviousName(
  dataset: EntityKey,
  facet: LifecycleStateChangeDatasetFacet | undefined,
): EntityKey | undefined {
  const { lifecycleStateChange, previousIdentifier: previous } = facet ?? {}
  if (lifecycleStateChange !== RENAME || previous === undefined || !isNodeName(previous)) return undefined
  const key = toEntityKey(previous)
  return key === dataset ? undefined : key
}
