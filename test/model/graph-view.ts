/** What the model and the graph are compared by: lines of text under headings, sorted. */
export type GraphView = Record<string, string[]>

export type ViewValue = string | number | bigint | boolean | null | undefined

/** `subject key=value …`: what is undefined or null is left out, true stands as its key alone, false for nothing. */
export function toLine(subject: string, values: Readonly<Record<string, ViewValue>> = {}): string {
  const members = Object.entries(values).flatMap(([key, value]) => {
    if (value === undefined || value === null || value === false) return []
    return value === true ? [key] : [`${key}=${String(value)}`]
  })
  return [subject, ...members].join(' ')
}

/** Each line once, in order. */
export function toLines(lines: readonly string[]): string[] {
  return [...new Set(lines)].toSorted()
}
