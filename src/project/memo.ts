/** Gives what was derived before for a key, or derives it. */
export type Memo<T> = (key: string, derive: () => T) => T

/**
 * Remembers what was derived lately: the same schemas and column lineages come with every run of a job.
 * @param entriesMax the one asked for longest ago is forgotten first
 */
export function createMemo<T>(entriesMax: number): Memo<T> {
  const entries = new Map<string, T>()
  return (key, derive) => {
    const known = entries.get(key)
    const value = known ?? derive()
    entries.delete(key)
    entries.set(key, value)
    const oldest = entries.keys().next()
    if (entries.size > entriesMax && oldest.done !== true) entries.delete(oldest.value)
    return value
  }
}
