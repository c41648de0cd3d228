import type { Reader } from '../../http/access.ts'
import { isJsonObject } from '../../openlineage/json-object.ts'

/**
 * Whether a value as a producer sent it names a namespace anywhere that the reader may not see: a dataset in column lineage, a parent's
 * job. Facets and events are shown whole or not at all.
 */
export function namesHidden(value: unknown, reader: Reader): boolean {
  if (reader.namespaces === undefined) return false
  if (Array.isArray(value)) return value.some((one) => namesHidden(one, reader))
  if (!isJsonObject(value)) return false
  return Object.entries(value).some(
    ([key, member]) =>
      (key === 'namespace' && typeof member === 'string' && !reader.sees(member)) ||
      namesHidden(member, reader),
  )
}
