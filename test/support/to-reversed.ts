/** The same value, the members of all its objects put in the other way round. */
export function toReversed<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value).map(([key, member]) => [key, toReversed<unknown>(member)])
  return Object.fromEntries(entries.toReversed()) as T
}
