/**
 * A record whose keys are names and versions that producers make up. It has no prototype: so V8 keeps it as a table at once, where it
 * would otherwise make a hidden class for each of its keys, and a key called `__proto__` is one like others.
 */
export function toRecord<T>(entries: Iterable<readonly [key: string, value: T]>): Record<string, T> {
  const record: Record<string, T> = Object.create(null)
  for (const [key, value] of entries) record[key] = value
  return record
}
