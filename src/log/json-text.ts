import {
  endOfNested,
  endOfString,
  isScalarEnd,
  isSpace,
  jsonSigns,
  skipSpace,
} from '../openlineage/json-tokens.ts'

/*
 * What can be done with a JSON text without reading its values: a number of 19 digits or an escape comes out as it went in. The text
 * has to be JSON; whoever calls has parsed it.
 */

const { quote, comma, openBrace, closeBrace, openBracket, closeBracket } = jsonSigns

/** The text on one line: white space between its values is left out, everything else stays as it is. */
export function toOneLine(text: string): string {
  const parts: string[] = []
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfString(text, at) - 1
    else if (isSpace(code)) {
      if (at > from) parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  parts.push(text.slice(from))
  return parts.join('')
}

/** The texts of an array's elements. */
export function elementTexts(array: string): string[] {
  const elements: string[] = []
  let at = skipSpace(array, array.indexOf('[') + 1)
  while (array.charCodeAt(at) !== closeBracket) {
    const end = endOfValue(array, at)
    elements.push(array.slice(at, end))
    at = skipSpace(array, end)
    if (array.charCodeAt(at) === comma) at = skipSpace(array, at + 1)
  }
  return elements
}

/** The text of one member of an object, the last of that name as for JSON.parse; undefined where it has none. */
export function memberText(object: string, name: string): string | undefined {
  let found: string | undefined
  let at = skipSpace(object, object.indexOf('{') + 1)
  while (object.charCodeAt(at) !== closeBrace) {
    const keyEnd = endOfString(object, at)
    const key: unknown = JSON.parse(object.slice(at, keyEnd))
    const start = skipSpace(object, object.indexOf(':', keyEnd) + 1)
    const end = endOfValue(object, start)
    if (key === name) found = object.slice(start, end)
    at = skipSpace(object, end)
    if (object.charCodeAt(at) === comma) at = skipSpace(object, at + 1)
  }
  return found
}

function endOfValue(text: string, start: number): number {
  const code = text.charCodeAt(start)
  if (code === quote) return endOfString(text, start)
  if (code === openBrace || code === openBracket) return endOfNested(text, start)
  let at = start
  while (at < text.length && !isScalarEnd(text.charCodeAt(at))) at += 1
  return at
}
