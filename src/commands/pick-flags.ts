/** The named flags that were given, as texts for a query or a body. */
export function pickFlags<Name extends string>(
  flags: Readonly<Partial<Record<Name, string>>>,
  names: readonly Name[],
): Record<string, string> {
  const given = names.flatMap((name) => {
    const value = flags[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(given)
}
