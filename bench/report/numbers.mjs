const significant = 3

/** A number as it is read in a table: three digits that matter, no more. */
export function toText(value) {
  if (value === undefined || value === null) return '–'
  if (typeof value !== 'number') return String(value)
  if (!Number.isFinite(value)) return '–'
  if (Math.abs(value) >= 100) return String(Math.round(value))
  return String(Number(value.toPrecision(significant)))
}
