/**
 * JSON with the keys of every object sorted and undefined values left out: equal contents give equal texts, whatever the order in
 * which they were put together.
 */
export function toCanonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  // Text by text: whatever is merged is written so, and lists of members in between took most of the time.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an object, of whose own keys alone is asked
  const members = value as Readonly<Record<string, unknown>>
  let text = ''
  for (const key of Object.keys(members).toSorted()) {
    const member = members[key]
    if (member !== undefined)
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${toCanonicalJson(member)}`
  }
  return `{${text}}`
}

/** The JSON of an object whose members are JSON texts already, its keys sorted. */
export function toObjectText(members: Iterable<readonly [key: string, text: string]>): string {
  const texts = [...members].toSorted(byKey).map(([key, text]) => `${JSON.stringify(key)}:${text}`)
  return `{${texts.join(',')}}`
}

/** Orders entries by their keys. */
export function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}
