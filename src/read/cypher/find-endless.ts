import type { PlannedOperator } from '../../graph/read-foreign.ts'

/**
 * What in a plan may go on for ever within one expression, in a sentence; undefined where nothing does. Neo4j looks at a query's
 * deadline between rows, never within an expression: `reduce` over `range(1, 10^12)` cannot be ended but with Neo4j itself.
 * So lists that are made of nothing may only be unwound, and no list is gone through within another.
 */
export function findEndless(operators: readonly PlannedOperator[]): string | undefined {
  for (const { name, details } of operators) {
    const text = toText(details)
    if (countOf(text, rangeCall) > (name === 'Unwind' && isWholeRange(text) ? 1 : 0)) return rangeSentence
    const loops = [...text.matchAll(loopStart)].map((found) => toLoop(text, found))
    if (loops.some((loop) => !isBounded(loop) && loops.some((other) => isWithin(loop, other))))
      return nestedSentence
    if (loops.some(growsByItself)) return growthSentence
  }
  return undefined
}

const rangeSentence =
  'range() makes lists of any length, which Neo4j cannot stop to go through. Write UNWIND range(…) AS i, ' +
  'in a CALL { … } or COLLECT { … } where a list is wanted.'
const nestedSentence =
  'A list is gone through within another (reduce, a comprehension, all, any, none, single), which Neo4j cannot stop. ' +
  'Write the outer one as UNWIND.'
const growthSentence =
  'reduce() uses what it has gathered more than once, so that it may double with every step. Use it once.'

const rangeCall = /\brange\(/gi
/** `reduce(a = …, x IN …`, `[x IN …`, `all(x IN …`: quantifiers over an index of a path are Neo4j's own. */
const loopStart =
  /\breduce\(|\[(?=\s*(?:`[^`]*`|[\p{L}_][\p{L}\p{N}_@]*) IN )|\b(?:all|any|none|single|allReduce)\(/giu
/** How Neo4j itself writes a condition on each step of a path: as long as the path, no longer. */
const ownPathLoop = /\ball\((\w+) IN range\(0, size\((\w+)\) - 1\) WHERE /g
const bounded = /^(?:`[^`]*`|\S+) IN (?:nodes|relationships|labels)\(/iu

interface Loop {
  start: number
  end: number
  /** What stands between its brackets. */
  inner: string
  isReduce: boolean
}

/** The details without what stands in quotes, which is text and no expression, and without Neo4j's own conditions. */
function toText(details: string): string {
  return details.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""').replaceAll(ownPathLoop, '(')
}

function countOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length
}

/** `range($a, $b) AS i`: the list is unwound as it is, row by row. */
function isWholeRange(text: string): boolean {
  if (!/^range\(/i.test(text)) return false
  return /^ AS (?:`[^`]*`|\S+)$/u.test(text.slice(endOf(text, 'range'.length)))
}

function toLoop(text: string, found: RegExpExecArray): Loop {
  const open = found.index + found[0].length - 1
  const end = endOf(text, open)
  return {
    start: found.index,
    end,
    inner: text.slice(open + 1, end - 1),
    isReduce: /^reduce/i.test(found[0]),
  }
}

/** Behind the bracket that closes the one at `open`; the end of the text where none does. */
function endOf(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at += 1) {
    if ('([{'.includes(text.charAt(at))) depth += 1
    if (')]}'.includes(text.charAt(at))) depth -= 1
    if (depth === 0) return at + 1
  }
  return text.length
}

function isWithin(inner: Loop, outer: Loop): boolean {
  return outer.start < inner.start && inner.end <= outer.end
}

function isBounded({ inner, isReduce }: Loop): boolean {
  return !isReduce && bounded.test(inner.trimStart())
}

function growsByItself({ inner, isReduce }: Loop): boolean {
  if (!isReduce) return false
  const name = /^\s*(`[^`]*`|\S+) =/u.exec(inner)?.[1]
  const body = inner.slice(inner.indexOf(' | ') + ' | '.length)
  if (name === undefined) return true
  return (
    body.split(/(`[^`]*`|[\p{L}\p{N}_@$.]+)/u).filter((word) => word === name || word.startsWith(`${name}.`))
      .length > 1
  )
}
