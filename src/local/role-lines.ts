/** A message that comes again within this time is not shown again. */
const quietMs = 30_000
const shownLevels: ReadonlySet<unknown> = new Set(['warn', 'error', 'fatal'])

/**
 * A function that picks what a terminal should show of a role's log: warnings and worse, and what is no log line at all.
 * The log file has everything.
 */
export function createLineFilter(name: string, now: () => number): (line: string) => string | undefined {
  const shownAt = new Map<string, number>()
  return (line) => {
    const text = toTerminalText(line)
    if (text === undefined) return undefined
    const last = shownAt.get(text)
    if (last !== undefined && now() - last < quietMs) return undefined
    for (const [shown, at] of shownAt) if (now() - at >= quietMs) shownAt.delete(shown)
    shownAt.set(text, now())
    return `${name}: ${text}`
  }
}

/** Undefined where a line is for the file alone. */
export function toTerminalText(line: string): string | undefined {
  if (!line.startsWith('{')) return line.trim() === '' ? undefined : line
  let entry: unknown
  try {
    entry = JSON.parse(line)
  } catch {
    return line
  }
  if (typeof entry !== 'object' || entry === null) return line
  const { level, msg, err }: { level?: unknown; msg?: unknown; err?: unknown } = entry
  if (!shownLevels.has(level)) return undefined
  const cause =
    typeof err === 'object' && err !== null && 'message' in err
      ? ` (${String(err.message).split('\n')[0]})`
      : ''
  return `${String(level)}: ${String(msg)}${cause}`
}
