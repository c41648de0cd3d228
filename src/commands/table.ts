import type { Look, Style } from './look.ts'
import { toPrintable } from './print.ts'

export interface Column<Row> {
  title: string
  cell: (row: Row) => string | number | null | undefined
  /** Longer cells are cut. */
  widthMax?: number
  /** What people copy, such as ids, is not narrowed with the terminal. */
  isWhole?: true
  style?: (row: Row) => Style | undefined
}

const gap = '  '
/** A column is not made narrower than this for the sake of the terminal. */
const columnWidthMin = 8

/**
 * Rows as an aligned table: texts to the left, numbers to the right, what is absent as a dash. On a terminal its widest columns are
 * narrowed until it fits.
 */
export function toTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  look: Look = { width: undefined, paint: (_style, text) => text },
): string {
  const cells = rows.map((row) => columns.map((column) => toCell(column.cell(row), column.widthMax)))
  const isNumeric = columns.map(({ cell }) => rows.some((row) => typeof cell(row) === 'number'))
  const wanted = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((row) => row[index]?.length ?? 0)),
  )
  const widths =
    look.width === undefined
      ? wanted
      : narrow(wanted, {
          isFixed: columns.map(({ isWhole }, index) => isWhole ?? isNumeric[index] ?? false),
          width: look.width,
        })
  const toLine = (texts: readonly string[], styleOf: (index: number) => Style | undefined) =>
    texts
      .map((text, index) => {
        const width = widths[index] ?? 0
        const shown = cut(text, width)
        const isLast = index === texts.length - 1
        const padded =
          isNumeric[index] === true ? shown.padStart(width) : isLast ? shown : shown.padEnd(width)
        const style = styleOf(index)
        return style === undefined ? padded : look.paint(style, padded)
      })
      .join(gap)
      .trimEnd()
  const titles = columns.map(({ title }) => title)
  const rule = widths.map((width) => '-'.repeat(width))
  const lines = cells.map((texts, at) => {
    const row = rows[at]
    return toLine(texts, (index) => (row === undefined ? undefined : columns[index]?.style?.(row)))
  })
  return [toLine(titles, () => undefined), rule.join(gap), ...lines].join('\n')
}

/** Takes from the widest column of texts, again and again, until all of them fit. */
function narrow(
  wanted: readonly number[],
  { isFixed, width }: { isFixed: readonly boolean[]; width: number },
): number[] {
  const widths = [...wanted]
  const sum = () => widths.reduce((total, one) => total + one, gap.length * (widths.length - 1))
  while (sum() > width) {
    const texts = widths.map((one, index) => (isFixed[index] === true ? 0 : one))
    const [widest = 0, second = 0] = texts.toSorted((a, b) => b - a)
    if (widest <= columnWidthMin) break
    const target = Math.max(columnWidthMin, widest - (sum() - width), Math.min(second, widest - 1))
    widths[texts.indexOf(widest)] = target
  }
  return widths
}

function toCell(value: string | number | null | undefined, widthMax = Infinity): string {
  if (value === null || value === undefined) return '-'
  const text =
    typeof value === 'number' ? value.toLocaleString('en-US') : toPrintable(value).replaceAll('\n', ' ')
  return cut(text, widthMax)
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text
}
