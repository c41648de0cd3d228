import { toCanonicalJson } from '../openlineage/canonical-json.ts'
import { readObjects, readText } from '../openlineage/json-object.ts'
import { isTooLong } from '../openlineage/keys.ts'

/** An owner that an `ownership` facet names, with its role. */
export interface StatedOwner {
  name: string
  /** Undefined where the producer states none, or an empty one as Airflow does. */
  type: string | undefined
}

export interface TagName {
  key: string
  value: string
}

/** A tag that a `tags` facet names. */
export interface StatedTag extends TagName {
  source: string | undefined
  /** The path of the field of a dataset that it belongs to; undefined for the thing as a whole. */
  field: string | undefined
}

/**
 * The owners of an `ownership` facet, each once for each role. One without a name, or with a name that no index takes, stays in the
 * facet only.
 * @param facet undefined where the facet may not be interpreted
 */
export function readOwners(facet: unknown): StatedOwner[] {
  const owners = readObjects(facet, 'owners').map((item) => ({
    name: readText(item, ['name']) ?? '',
    type: readText(item, ['type']),
  }))
  return unique(owners.filter(({ name }) => name !== '' && !isTooLong({ namespace: '', name })))
}

/** The tags of a `tags` facet, each once for each source and field; likewise. */
export function readTags(facet: unknown): StatedTag[] {
  const tags = readObjects(facet, 'tags').map((item) => ({
    key: readText(item, ['key']) ?? '',
    value: readText(item, ['value']) ?? '',
    source: readText(item, ['source']),
    field: readText(item, ['field']),
  }))
  return unique(tags.filter(({ key, value }) => key !== '' && !isTooLong({ namespace: key, name: value })))
}

function unique<T>(items: T[]): T[] {
  return [...new Map(items.map((item) => [toCanonicalJson(item), item])).values()]
}
