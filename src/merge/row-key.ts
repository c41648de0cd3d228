import { toEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { Row } from '../graph/connection.ts'

/** The job or dataset that a row names by `namespace` and `name`. */
export function rowKey(row: Row): EntityKey {
  return toEntityKey({ namespace: String(row['namespace']), name: String(row['name']) })
}
