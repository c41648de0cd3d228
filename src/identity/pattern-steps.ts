/*
 * Matching goes back and tries anew wherever a pattern leaves a choice. `(a+)+$` leaves so many that 40 letters take for ever. So
 * before a pattern is taken, the ways to match it are counted, from above: those through its choices, times the places at which its
 * open repetitions may end.
 */

/** Characters of a job name that patterns are tried on; a longer name is left as it is. */
export const PATTERN_NAME_LENGTH_MAX = 512

/** A second or two on the worst of names; ordinary names take microseconds. */
const STEPS_MAX = 500_000_000

/** What is wrong with a pattern, if anything. It is one that `RegExp` takes. */
export function findPatternTrouble(pattern: string): string | undefined {
  const reader = { text: pattern, at: 0 }
  const ways = readAlternatives(reader)
  if (typeof ways === 'string') return ways
  const isAnchored = pattern.startsWith('^') && !pattern.includes('|')
  // Unanchored, a pattern is tried at each place: one more choice of a place.
  const places = ways.open + (isAnchored ? 0 : 1)
  const steps = ways.choices * combinations(PATTERN_NAME_LENGTH_MAX + places, places)
  if (steps <= STEPS_MAX) return undefined
  return `may take for ever on some names: begin it with ^, or take fewer of *, + and ?.`
}

interface PatternReader {
  text: string
  at: number
}

/** Ways to match: a number of choices, and of repetitions that may end anywhere. */
interface Ways {
  choices: number
  open: number
}

/** Ways, or what makes them countless. */
type Count = Ways | string

const oneWay: Ways = { choices: 1, open: 0 }

function readAlternatives(reader: PatternReader): Count {
  let total = readSequence(reader)
  while (typeof total !== 'string' && reader.text[reader.at] === '|') {
    reader.at++
    total = either(total, readSequence(reader))
  }
  return total
}

function readSequence(reader: PatternReader): Count {
  let total: Count = oneWay
  while (typeof total !== 'string' && /^[^|)]/.test(reader.text[reader.at] ?? '')) {
    total = both(total, readRepeated(reader))
  }
  return total
}

function readRepeated(reader: PatternReader): Count {
  const ways = readAtom(reader)
  const { min, max } = readQuantifier(reader)
  if (typeof ways === 'string' || (min === 1 && max === 1)) return ways
  if (max <= 1) return { choices: ways.choices + 1, open: ways.open }
  if (ways.choices > 1 || ways.open > 0)
    return 'repeats something that may itself be matched in several ways.'
  return max === Infinity ? { choices: 1, open: 1 } : { choices: max - min + 1, open: 0 }
}

/** A character, a class, or a group. */
function readAtom(reader: PatternReader): Count {
  const rest = reader.text.slice(reader.at)
  if (/^\\[1-9k]/.test(rest)) return 'refers back to what it has matched.'
  if (/^\(\?<?[=!]/.test(rest)) return 'looks ahead or behind.'
  if (!rest.startsWith('(')) {
    reader.at += /^(?:\\p\{[^}]*\}|\\u\{[^}]*\}|\\.|\[(?:\\.|[^\]\\])*\]|.)/su.exec(rest)?.[0].length ?? 1
    return oneWay
  }
  reader.at += /^\((?:\?:|\?<[^>]*>)?/.exec(rest)?.[0].length ?? 1
  const ways = readAlternatives(reader)
  reader.at++
  return ways
}

function readQuantifier(reader: PatternReader): { min: number; max: number } {
  const found = /^(?:(?<sign>[*+?])|\{(?<min>\d+)(?<comma>,)?(?<max>\d+)?\})\??/.exec(
    reader.text.slice(reader.at),
  )
  reader.at += found?.[0].length ?? 0
  const { sign, min, comma, max } = found?.groups ?? {}
  if (min !== undefined)
    return {
      min: Number(min),
      max: max === undefined ? (comma === undefined ? Number(min) : Infinity) : Number(max),
    }
  if (sign === '?') return { min: 0, max: 1 }
  return sign === undefined ? { min: 1, max: 1 } : { min: sign === '+' ? 1 : 0, max: Infinity }
}

function both(a: Count, b: Count): Count {
  if (typeof a === 'string') return a
  if (typeof b === 'string') return b
  return { choices: a.choices * b.choices, open: a.open + b.open }
}

function either(a: Count, b: Count): Count {
  if (typeof a === 'string') return a
  if (typeof b === 'string') return b
  return { choices: a.choices + b.choices, open: Math.max(a.open, b.open) }
}

function combinations(n: number, k: number): number {
  let count = 1
  for (let i = 1; i <= k; i++) count = (count * (n - k + i)) / i
  return count
}
