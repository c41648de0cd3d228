import { stringify } from 'csv-stringify/sync'

/** Rows as CSV (RFC 4180). Null is empty; what is no text is JSON. */
export function toCsv(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const cells = rows.map((row) => row.map(toCell))
  return stringify([[...columns], ...cells], { record_delimiter: 'windows' }).trimEnd()
}

function toCell(value: unknown): unknown {
  return typeof value === 'string' || value === null || value === undefined ? value : JSON.stringify(value)
}
