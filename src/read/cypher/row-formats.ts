import { toJsonValue } from './value-json.ts'

/** Why rows are missing at the end of an answer. */
export type Truncation = 'rows' | 'bytes' | 'time' | 'failed'

/** How an answer is written, piece by piece. */
export interface RowFormat {
  contentType: string
  head(columns: readonly string[]): string
  row(columns: readonly string[], values: readonly unknown[], index: number): string
  /** Undefined where this format cannot say in its text that rows are missing: then a trailer does. */
  foot(truncation: Truncation | undefined, detail: string | undefined): string
  /** Whether its text tells of a failure; else the connection has to break off. */
  tellsFailure: boolean
}

export const rowFormats = {
  json: {
    contentType: 'application/json',
    head: (columns) => `{"columns":${JSON.stringify(columns)},"rows":[`,
    row: (_columns, values, index) =>
      `${index === 0 ? '\n' : ',\n'}${JSON.stringify(values.map(toJsonValue))}`,
    foot: (truncation, detail) =>
      `\n],"truncated":${truncation !== undefined}${toMember('truncatedBy', truncation)}${toMember('detail', detail)}}\n`,
    tellsFailure: true,
  },
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: (columns) => `${columns.map(toCell).join(',')}\r\n`,
    row: (_columns, values) => `${values.map(toCell).join(',')}\r\n`,
    foot: () => '',
    tellsFailure: false,
  },
  ndjson: {
    contentType: 'application/x-ndjson',
    head: () => '',
    row: (columns, values) =>
      `${JSON.stringify(Object.fromEntries(columns.map((name, at) => [name, toJsonValue(values[at])])))}\n`,
    foot: () => '',
    tellsFailure: false,
  },
} as const satisfies Record<string, RowFormat>

function toMember(name: string, value: string | undefined): string {
  return value === undefined ? '' : `,"${name}":${JSON.stringify(value)}`
}

/** A cell of CSV (RFC 4180): null is empty, what is no text or number is JSON. */
function toCell(value: unknown): string {
  const plain = toJsonValue(value)
  if (plain === null) return ''
  const text = typeof plain === 'string' ? plain : JSON.stringify(plain)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
