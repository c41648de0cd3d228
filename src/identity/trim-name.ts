/*
 * The trimmers of OpenLineage's Java client, by the names of their classes: directories of partitions and dates at the end of a
 * dataset's name. That client cuts them off before it sends; others send them as they are. A name of one step is never trimmed.
 */

/** In the order in which they are tried. */
export const trimmerNames = [
  'DateTrimmer',
  'KeyValueTrimmer',
  'MultiDirDateTrimmer',
  'YearMonthTrimmer',
] as const
export type TrimmerName = (typeof trimmerNames)[number]

/**
 * Takes off what the first of the trimmers takes that finds something.
 * @returns undefined where none does
 */
export function trimOnce(name: string, trimmers: readonly TrimmerName[]): string | undefined {
  if (!name.includes('/')) return undefined
  const path = withoutEndSlashes(name)
  const steps = stepsOf(path)
  for (const trimmer of trimmers) {
    const count = stepsToTrim[trimmer](steps)
    if (count > 0) return withoutLast(path, count)
  }
  return undefined
}

/** How many steps at the end of a path a trimmer takes. */
const stepsToTrim: Record<TrimmerName, (steps: readonly string[]) => number> = {
  DateTrimmer: (steps) => (steps.length > 1 && isDated(lastOf(steps, 1)) ? 1 : 0),
  KeyValueTrimmer: (steps) => (steps.length > 1 && isKeyValue(lastOf(steps, 1)) ? 1 : 0),
  MultiDirDateTrimmer: (steps) => {
    if (steps.length > 2 && isCompactMonth(lastOf(steps, 2))) return 2
    return steps.length > 3 && isCompactDate(lastOf(steps, 3)) ? 3 : 0
  },
  YearMonthTrimmer: (steps) => (steps.length > 1 && isMonth(lastOf(steps, 1)) ? 1 : 0),
}

/** One slash at the beginning belongs to no step. */
function stepsOf(path: string): string[] {
  return (path.startsWith('/') ? path.slice(1) : path).split('/')
}

function withoutLast(path: string, count: number): string {
  // A path that is nothing but slashes above its dates stays the root.
  return path.split('/').slice(0, -count).join('/') || '/'
}

/** A name without the slashes at its end; the root is itself. */
export function withoutEndSlashes(name: string): string {
  let end = name.length
  while (end > 0 && name[end - 1] === '/') end--
  return end === 0 && name !== '' ? '/' : name.slice(0, end)
}

/** The last steps, put together without the slashes between them. */
function lastOf(steps: readonly string[], count: number): string {
  return steps.slice(-count).join('')
}

const datePatterns = [
  { pattern: /\d{4}-\d{2}-\d{2}/g, isDate: (text: string) => isCompactDate(text.replaceAll('-', '')) },
  {
    pattern: /\d{2}\.\d{2}\.\d{4}/g,
    isDate: (text: string) => isCompactDate(text.slice(6) + text.slice(3, 5) + text.slice(0, 2)),
  },
  { pattern: /\d{8}/g, isDate: isCompactDate },
]

/** Besides a date there may be one T, one Z, and what times are written with. */
function isDated(step: string): boolean {
  const hasDate = datePatterns.some(({ pattern, isDate }) =>
    [...step.matchAll(pattern)].some(([found]) => isDate(found)),
  )
  return hasDate && /^[\d:.\-\s]*$/.test(step.replace('T', '').replace('Z', ''))
}

function isKeyValue(step: string): boolean {
  return step.split('=').length === 2
}

function isMonth(step: string): boolean {
  return isCompactMonth(step) || isCompactMonth(step.replace(/^(\d{4})-(\d{2})$/, '$1$2'))
}

function isCompactMonth(text: string): boolean {
  return /^(?!0000)\d{4}(?:0[1-9]|1[0-2])$/.test(text)
}

/** As that client reads dates, every month has 31 days. */
function isCompactDate(text: string): boolean {
  return /^(?!0000)\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(text)
}
