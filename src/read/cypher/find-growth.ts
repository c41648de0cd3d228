import type { PlannedOperator } from '../../graph/read-foreign.ts'

/** How many times as large as what it is made of a value may become. */
const growthMax = 256

/**
 * Where values double from step to step (`WITH s + s AS s`, again and again) or grow by each other, in a sentence; undefined where
 * none does. Neo4j counts the memory of rows, not that of a value in the making, and a text of gigabytes ends Neo4j itself.
 * @param operators in the order in which rows pass them
 */
export function findGrowth(operators: readonly PlannedOperator[]): string | undefined {
  const sizes = new Map<string, number>()
  for (const { details } of operators) {
    if (growingReplace.test(details)) return replaceSentence
    // What stands side by side knows what came before, not each other.
    const made = splitItems(details).flatMap((item) => toMade(item, sizes))
    for (const [name, size] of made) {
      if (size > growthMax) return growthSentence
      sizes.set(name, size)
    }
  }
  return undefined
}

const growthSentence =
  'A value is put together of itself again and again, so that it doubles with every step. Do so in fewer steps.'
const replaceSentence =
  'replace() puts in a text that is not written in the query, so that the result may grow without bounds. Write the text.'

/** Its third argument is no literal, which Neo4j shows as `$autostring_…` or in quotes. */
const growingReplace = /\breplace\((?!(?:[^()]|\([^()]*\))*,\s*(?:\$autostring_\d+|"[^"]*"|'[^']*')\))/i

function toMade(item: string, sizes: ReadonlyMap<string, number>): [string, number][] {
  const [, expression, name] = /^(.*) AS (`[^`]*`|\S+)$/su.exec(item) ?? []
  if (expression === undefined || name === undefined) return []
  const words = expression.match(/`[^`]*`|[\p{L}\p{N}_@$.]+/gu) ?? []
  const sum = words.reduce((total, word) => total + (sizes.get(word) ?? 0), 0)
  return [[name, Math.max(1, sum)]]
}

/** `a + b AS c, d AS e` into its parts: commas within brackets and quotes part nothing. */
function splitItems(details: string): string[] {
  const items: string[] = []
  let [depth, start, quote] = [0, 0, '']
  for (let at = 0; at < details.length; at += 1) {
    const char = details.charAt(at)
    if (quote !== '') quote = char === quote ? '' : quote
    else if ('"\'`'.includes(char)) quote = char
    else if ('([{'.includes(char)) depth += 1
    else if (')]}'.includes(char)) depth -= 1
    else if (char === ',' && depth === 0) {
      items.push(details.slice(start, at).trim())
      start = at + 1
    }
  }
  return [...items, details.slice(start).trim()]
}
