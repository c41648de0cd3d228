/** Whether a value out of `JSON.parse` is an object: neither null nor an array. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What stands at the end of a path of keys; undefined where the path leaves the value. */
export function readPath(value: unknown, path: readonly string[]): unknown {
  let found = value
  for (const step of path) {
    if (!isJsonObject(found) || !Object.hasOwn(found, step)) return undefined
    found = found[step]
  }
  return found
}

/** A text at the end of a path; undefined where there is none, or an empty one. */
export function readText(value: unknown, path: readonly string[]): string | undefined {
  const found = readPath(value, path)
  return typeof found === 'string' && found !== '' ? found : undefined
}

/** The objects of a list that a value has under a key. */
export function readObjects(value: unknown, key: string): Record<string, unknown>[] {
  const items = readPath(value, [key])
  return Array.isArray(items) ? items.filter(isJsonObject) : []
}

/** Whether a facet says that it is taken away. */
export function isTombstone(facet: unknown): boolean {
  return isJsonObject(facet) && facet['_deleted'] === true
}
