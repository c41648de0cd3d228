import { toPrintable } from './print.ts'

export interface Column<Row> {
  title: string
  cell: (row: Row) => string | number | null | undefined
  /** Longer cells are cut. */
  widthMax?: number
}

const gap = '  '

/** Rows as an aligned table: texts to the left, numbers to the right, what is absent as a dash. */
export function toTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map((column) => toCell(column.cell(row), column.widthMax)))
  const isNumeric = columns.map(({ cell }) => rows.some((row) => typeof cell(row) === 'number'))
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((row) => row[index]?.length ?? 0)),
  )
  const toLine = (texts: readonly string[]) =>
    texts
      .map((text, index) => {
        const width = widths[index] ?? 0
        return isNumeric[index] === true ? text.padStart(width) : text.padEnd(width)
      })
      .join(gap)
      .trimEnd()
  const rule = widths.map((width) => '-'.repeat(width))
  return [toLine(columns.map(({ title }) => title)), rule.join(gap), ...cells.map(toLine)].join('\n')
}

function toCell(value: string | number | null | undefined, widthMax = Infinity): string {
  if (value === null || value === undefined) return '-'
  const text =
    typeof value === 'number' ? value.toLocaleString('en-US') : toPrintable(value).replaceAll('\n', ' ')
  return text.length > widthMax ? `${text.slice(0, widthMax - 1)}…` : text
}
