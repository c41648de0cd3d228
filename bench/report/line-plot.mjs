import { area, colours, legend, line, text, toScale, toSvg, valueAxis } from './svg.mjs'

/** Lines over a common axis from 0: `lines` are `{ name, points }`, and `points` pairs `[x, y]`. */
export function toLinePlot({ title, unit, xUnit, lines }) {
  const all = lines.flatMap(({ points }) => points)
  const down = toScale(Math.max(...all.map(([, y]) => y), 0), [area.height - area.bottom, area.top])
  const across = toScale(Math.max(...all.map(([x]) => x), 0), [area.left, area.width - area.right])
  const drawn = lines.map(({ points }, index) =>
    line(
      points.map(([x, y]) => [across.toPixel(x), down.toPixel(y)]),
      colours[index % colours.length],
    ),
  )
  const marks = across.marks.map((mark) =>
    text(
      { x: across.toPixel(mark), y: area.height - area.bottom + 16, anchor: 'middle' },
      Number(mark.toPrecision(3)),
    ),
  )
  const xTitle = text({ x: area.width - area.right, y: area.height - area.bottom + 30, anchor: 'end' }, xUnit)
  return toSvg(title, [
    ...valueAxis(down, unit),
    ...marks,
    xTitle,
    ...drawn,
    ...legend(lines.map(({ name }) => name)),
  ])
}
