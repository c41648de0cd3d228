/** The least, the middle and the largest of what several runs gave; of what was not measured, nothing. */
export function toSummary(values) {
  const sorted = values.filter((value) => Number.isFinite(value)).toSorted((a, b) => a - b)
  if (sorted.length === 0) return undefined
  const middle = Math.floor(sorted.length / 2)
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  return { min: sorted[0], median, max: sorted.at(-1), runs: sorted.length }
}

export function toMedian(values) {
  return toSummary(values)?.median
}

/** The usual points of a distribution; undefined of nothing. */
export function toQuantiles(values) {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((a, b) => a - b)
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1), count: sorted.length }
}
