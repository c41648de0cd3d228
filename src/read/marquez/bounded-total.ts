/** Entries counted at least: a page that lies further behind is counted to its end and one page more. */
const countedMin = 10_000

/** How far to count for a page's `totalCount`, so that no page costs the whole graph. */
export function toCounted({ offset, limit }: { offset: number; limit: number }): number {
  return Math.max(countedMin, offset + 2 * limit + 1)
}

export function toTotal(rows: readonly Record<string, unknown>[]): number {
  return Number(rows[0]?.['total'] ?? 0)
}
