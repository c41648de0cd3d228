/** Sizes of every plot, in pixels. */
export const area = { width: 720, height: 320, left: 64, right: 16, top: 40, bottom: 56 }

/** Told apart also where colours are not seen: they differ in lightness. */
export const colours = ['#1b4f72', '#2e86c1', '#f39c12', '#c0392b', '#7d8c8d', '#58b368']

const ticks = 5

/** A whole SVG around what is drawn. */
export function toSvg(title, parts) {
  const { width, height } = area
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text({ x: area.left, y: 20, size: 14 }, title),
    ...parts,
    '</svg>\n',
  ].join('\n')
}

export function text({ x, y, anchor = 'start', size = 12 }, content) {
  const escaped = String(content).replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" font-size="${size}" fill="#222222">${escaped}</text>`
}

export function rect({ x, y, width, height, colour }) {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(Math.max(0, height))}" fill="${colour}"/>`
}

export function line(points, colour) {
  const path = points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`
}

/** From values to pixels, from 0 to a round number above the largest. */
export function toScale(largest, [from, to]) {
  const top = toRoundMax(largest)
  const toPixel = (value) => from + (value / top) * (to - from)
  return { top, toPixel, marks: Array.from({ length: ticks + 1 }, (_, index) => (top * index) / ticks) }
}

/** The axis of the values at the left, with lines across. */
export function valueAxis(scale, unit) {
  const { left, right, width, top } = area
  return [
    ...scale.marks.flatMap((mark) => {
      const y = scale.toPixel(mark)
      return [
        `<line x1="${left}" x2="${width - right}" y1="${round(y)}" y2="${round(y)}" stroke="#dddddd"/>`,
        text({ x: left - 6, y: y + 4, anchor: 'end' }, Number(mark.toPrecision(3))),
      ]
    }),
    text({ x: left, y: top - 6 }, unit),
  ]
}

/** What the colours mean, below the plot. */
export function legend(names) {
  const step = (area.width - area.left - area.right) / Math.max(1, names.length)
  return names.flatMap((name, index) => {
    const x = area.left + index * step
    const y = area.height - 12
    return [
      rect({ x, y: y - 10, width: 10, height: 10, colour: colours[index % colours.length] }),
      text({ x: x + 14, y }, name),
    ]
  })
}

function toRoundMax(largest) {
  if (!(largest > 0)) return 1
  const unit = 10 ** Math.floor(Math.log10(largest))
  return [1, 2, 2.5, 5, 10].map((factor) => factor * unit).find((value) => value >= largest)
}

function round(value) {
  return Number(value.toFixed(1))
}
