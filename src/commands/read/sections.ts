import type { Look } from '../look.ts'
import { toPrintable } from '../print.ts'

type Value = string | number | boolean | null | undefined

const nameWidthMin = 10
const indent = '  '

/** Names and values, one a line, without those that have none. */
export function toPairs(pairs: readonly (readonly [name: string, value: Value])[], look: Look): string[] {
  const said = pairs.filter(([, value]) => value !== undefined && value !== null && value !== '')
  const width = Math.max(nameWidthMin, ...said.map(([name]) => name.length))
  return said.map(([name, value]) => {
    const lines = toPrintable(String(value)).trimEnd().split('\n')
    const text = lines.join(`\n${' '.repeat(width + 1)}`)
    return `${look.paint('dim', name.padEnd(width))} ${text}`
  })
}

/** A part of a description under a title; nothing where it is empty. */
export function toSection(title: string, text: string, look: Look): string[] {
  if (text === '') return []
  return ['', look.paint('cyan', title), ...text.split('\n').map((line) => `${indent}${line}`.trimEnd())]
}

/** Room for the indentation of sections. */
export function inSection(look: Look): Look {
  return { ...look, width: look.width === undefined ? undefined : look.width - indent.length }
}
