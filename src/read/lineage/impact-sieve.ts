import type { Impacted } from './find-impact.ts'
import { isTagged } from './tagged.ts'

/** What of an impact is listed: all filters have to agree, each with one of its values. */
export function toSieve({
  namespace,
  tag,
  kind,
  owner,
}: {
  namespace: readonly string[]
  tag: readonly string[]
  kind: readonly string[]
  owner: readonly string[]
}): (one: Impacted) => boolean {
  return (one) =>
    isOneOf(namespace, [one.namespace]) &&
    isOneOf(kind, [one.kind]) &&
    isOneOf(
      owner,
      one.owners.map(({ name }) => name),
    ) &&
    isTagged(one, tag)
}

function isOneOf(wanted: readonly string[], values: readonly string[]): boolean {
  return wanted.length === 0 || values.some((value) => wanted.includes(value))
}
