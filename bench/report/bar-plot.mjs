import { area, colours, legend, rect, text, toScale, toSvg, valueAxis } from './svg.mjs'

const barShare = 0.6

/** Bars of stacked parts: `bars` are `{ name, parts }`, and `parts` numbers in the order of `names`. */
export function toBarPlot({ title, unit, names, bars }) {
  const sums = bars.map(({ parts }) => parts.reduce((sum, part) => sum + part, 0))
  const scale = toScale(Math.max(...sums, 0), [area.height - area.bottom, area.top])
  const step = (area.width - area.left - area.right) / Math.max(1, bars.length)
  const drawn = bars.flatMap(({ name, parts }, index) => {
    const x = area.left + (index + (1 - barShare) / 2) * step
    let below = 0
    const rects = parts.map((part, at) => {
      const y = scale.toPixel(below + part)
      const height = scale.toPixel(below) - y
      below += part
      return rect({ x, y, width: step * barShare, height, colour: colours[at % colours.length] })
    })
    const middle = x + (step * barShare) / 2
    return [
      ...rects,
      text({ x: middle, y: scale.toPixel(below) - 4, anchor: 'middle' }, Number(below.toPrecision(3))),
      text({ x: middle, y: area.height - area.bottom + 16, anchor: 'middle' }, name),
    ]
  })
  return toSvg(title, [...valueAxis(scale, unit), ...drawn, ...(names.length > 1 ? legend(names) : [])])
}
