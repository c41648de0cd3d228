import { editsMax, toWords } from './search-words.ts'

/** Shares of a full hit for a word: as it is, the beginning of one, within one, misspelt. */
const shares = { equal: 1, begins: 0.8, within: 0.6, misspelt: 0.5 }
const scores = { exact: 100, begins: 85, words: 70, lastPart: 5 }

/** How well a name answers: 100 for the very name, then what begins so, then by how many words of it are meant. 0 is no hit. */
export function scoreName(asked: string, name: string): number {
  const [plainAsked, plain] = [asked.trim().toLowerCase(), name.toLowerCase()]
  if (plain === plainAsked) return scores.exact
  const parts = toWords(name)
  // Of two that begin alike the shorter one is nearer.
  const lengthShare = Math.min(1, plainAsked.length / Math.max(1, plain.length))
  if (plain.startsWith(plainAsked)) return scores.begins + lengthShare
  const share = scoreWords(asked, name)
  if (share === 0) return 0
  const last = parts.at(-1) ?? ''
  const isLast = toWords(asked).some((word) => last === word)
  return scores.words * share + (isLast ? scores.lastPart : 0) + lengthShare
}

/** From 0 to 1: how many of the words that were asked for stand in a text, and how exactly. */
export function scoreWords(asked: string, text: string): number {
  const [words, parts] = [toWords(asked), toWords(text)]
  if (words.length === 0) return 0
  const plain = text.toLowerCase()
  const found = words.map((word) =>
    Math.max(plain.includes(word) ? shares.within : 0, ...parts.map((part) => scorePart(word, part))),
  )
  return found.reduce((sum, one) => sum + one, 0) / words.length
}

function scorePart(word: string, part: string): number {
  if (part === word) return shares.equal
  if (part.startsWith(word)) return shares.begins
  return isWithinEdits(word, part, editsMax(word)) ? shares.misspelt : 0
}

/** Whether so many letters put in, left out, changed or swapped with the next make one of the other. */
export function isWithinEdits(a: string, b: string, max: number): boolean {
  if (max === 0 || Math.abs(a.length - b.length) > max) return false
  let [beforeLast, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_none, at) => at)]
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwap ? (beforeLast[j - 2] ?? 0) + 1 : changed
      row.push(Math.min(changed, swapped, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    ;[beforeLast, last] = [last, row]
  }
  return (last[b.length] ?? 0) <= max
}
