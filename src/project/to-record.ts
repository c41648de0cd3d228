/**
 * A record whose keys are names and versions that producers make up. It has no prototype: so V8 keeps it as a table at once, where it
 * would otherwise make a hidden class for each of its keys, and a key called `__proto__` is one like others.
 */
export function toRecord<T>(entries: Iterable<readonly [key: string, value: T]>): Record<string, T> {
  const record = emptyRecord<T>()
  for (const [key, value] of entries) record[key] = value
  return record
}

/** Such a record without a key, to be filled. */
export function emptyRecord<T>(): Record<string, T> {
  return Object.create(null)
}
