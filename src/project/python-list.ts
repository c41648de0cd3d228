const stringPattern = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/gs

/**
 * The strings of a list, written as JSON or, as Airflow's task facet does, as a string that holds a Python list:
 * `"['a', 'b']"`. Anything else is an empty list.
 */
export function readStringList(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string')
  if (typeof value !== 'string' || !value.startsWith('[')) return []
  return [...value.matchAll(stringPattern)].map(([, single, double]) =>
    (single ?? double ?? '').replace(/\\(.)/gs, '$1'),
  )
}
