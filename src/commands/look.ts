import { styleText } from 'node:util'

/** A stream that may be a terminal, as `process.stdout` is where nobody reads it through a pipe. */
export type MaybeTerminal = NodeJS.WritableStream & { isTTY?: boolean; columns?: number }

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan'

/** How results are to look where they are read. */
export interface Look {
  /** Columns of the terminal; undefined where it is none, and nothing is cut for the sake of the eye. */
  width: number | undefined
  paint(style: Style, text: string): string
}

/** A part of a line. */
export interface Span {
  text: string
  style?: Style
}

/** Colours stand for people alone: not in a pipe, not with NO_COLOR (https://no-color.org), not on a dumb terminal. */
export function toLook(stdout: MaybeTerminal, env: NodeJS.ProcessEnv): Look {
  const isTerminal = stdout.isTTY === true
  const hasColours = isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
  return {
    width: isTerminal ? stdout.columns : undefined,
    paint: (style, text) =>
      hasColours && text !== '' ? styleText(style, text, { validateStream: false }) : text,
  }
}

/** One line of spans, cut where the terminal ends. */
export function toLine(spans: readonly Span[], look: Look): string {
  const { width = Infinity } = look
  const length = spans.reduce((sum, { text }) => sum + text.length, 0)
  let left = length > width ? width - 1 : width
  const shown = spans.map(({ text, style }) => {
    const part = text.slice(0, left)
    left -= part.length
    return style === undefined ? part : look.paint(style, part)
  })
  return (length > width ? `${shown.join('')}…` : shown.join('')).trimEnd()
}
