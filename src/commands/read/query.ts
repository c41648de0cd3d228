/** A query of what was given; a list gives its parameter several times. */
export function toQuery(
  values: Readonly<Record<string, string | true | readonly string[] | undefined>>,
): URLSearchParams {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    const given = value === undefined ? [] : typeof value === 'object' ? value : [String(value)]
    for (const one of given) query.append(name, one)
  }
  return query
}
