const wordsMax = 8
/** How far a word may be from the one that is meant: not at all where it is short. */
const oneEditFrom = 4
const twoEditsFrom = 8

/** `fetchDataTask_v2` as `fetch data task v2`. */
export function toWords(text: string): string[] {
  const parted = text
    .replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
  return (parted.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, wordsMax * 4)
}

export function editsMax(word: string): number {
  return word.length >= twoEditsFrom ? 2 : word.length >= oneEditFrom ? 1 : 0
}

/**
 * A query for Lucene: each word as it is, as a beginning, and misspelt. Letters only, as the indexes have them: nothing of what was
 * asked can be syntax. Empty where there are no letters.
 */
export function toLuceneQuery(text: string): string {
  const words = toWords(text).flatMap((word) => word.match(/\p{L}+/gu) ?? [])
  const whole = (text.toLowerCase().match(/\p{L}+/gu) ?? []).filter((word) => !words.includes(word))
  return [...words, ...whole]
    .slice(0, wordsMax)
    .map((word) => {
      const edits = editsMax(word)
      return [`${word}^4`, `${word}*^2`, ...(edits > 0 ? [`${word}~${edits}`] : [])].join(' ')
    })
    .join(' ')
}

/** The same for words that stand somewhere within others; dear, and so asked only where little else is found. */
export function toInfixQuery(text: string): string {
  const words = toWords(text).flatMap((word) => word.match(/\p{L}{3,}/gu) ?? [])
  return words
    .slice(0, wordsMax)
    .map((word) => `*${word}*`)
    .join(' ')
}
