const indentation = '  '
/** Deeper levels are not indented further: a thousand of them would make lines of blanks alone. */
const levelsMax = 50
const structural = '{}[],:'

/**
 * A JSON text on several lines, for people. It is not parsed: each value stays as it is written, numbers of 19 digits and doubled
 * members too.
 */
export function indentJson(text: string): string {
  const words = toWords(text)
  let level = 0
  const lineBreak = () => `\n${indentation.repeat(Math.min(level, levelsMax))}`
  const write = (word: string, index: number) => {
    if (isOpening(word)) {
      level += 1
      return isClosing(words[index + 1]) ? word : word + lineBreak()
    }
    if (isClosing(word)) {
      level -= 1
      return isOpening(words[index - 1]) ? word : lineBreak() + word
    }
    if (word === ',') return word + lineBreak()
    return word === ':' ? ': ' : word
  }
  return words.map(write).join('')
}

/** Strings, numbers, names and marks, without the blanks between them. By hand: a pattern overflows on a string of megabytes. */
function toWords(text: string): string[] {
  const words: string[] = []
  let at = 0
  while (at < text.length) {
    const start = at
    const character = text.charAt(at)
    if (character === '"') at = findStringEnd(text, start)
    else if (isBlank(character) || structural.includes(character)) at += 1
    else while (at < text.length && !isDelimiter(text.charAt(at))) at += 1
    if (!isBlank(character)) words.push(text.slice(start, at))
  }
  return words
}

function findStringEnd(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1
  return at + 1
}

function isDelimiter(character: string): boolean {
  return character === '"' || isBlank(character) || structural.includes(character)
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t'
}

function isOpening(word: string | undefined): boolean {
  return word === '{' || word === '['
}

function isClosing(word: string | undefined): boolean {
  return word === '}' || word === ']'
}
