import type { JsonObject } from '../../src/openlineage/events.ts'
import { objectsOf, textOf } from './json.ts'
import { current, currentOfRun, type Said } from './said.ts'

/** Who owns a job or dataset: the newest facet's whole set. */
export function ownersOf(said: readonly Said[]): { name: string; type: string | undefined }[] {
  return objectsOf(current(said, 'ownership')?.facet['owners']).flatMap((owner) => {
    const name = textOf(owner['name'])
    const type = textOf(owner['type'])
    return name === undefined ? [] : [{ name, type: type === '' ? undefined : type }]
  })
}

export interface Tag {
  /** `key=value`. */
  tag: string
  source: string | undefined
  field: string | undefined
}

/** The tags of a job or dataset. */
export function tagsOf(said: readonly Said[]): Tag[] {
  return objectsOf(current(said, 'tags')?.facet['tags']).flatMap(toTag)
}

/** The tags of a run, whose facets cannot be deleted. */
export function tagsOfRun(said: readonly Said[]): Tag[] {
  return objectsOf(currentOfRun(said, 'tags')?.facet['tags']).flatMap(toTag)
}

function toTag(said: JsonObject): Tag[] {
  const key = textOf(said['key'])
  if (key === undefined) return []
  return [
    {
      tag: `${key}=${textOf(said['value']) ?? ''}`,
      source: textOf(said['source']),
      field: textOf(said['field']),
    },
  ]
}
