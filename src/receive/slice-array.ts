/** The text is not one JSON array. */
export class NotSliceable extends Error {
  override readonly name = 'NotSliceable'
  /** `other`: a value of another kind begins here. `broken`: no JSON. `short`: the text ends too early. */
  readonly kind: 'other' | 'broken' | 'short'
  /** Byte at which it shows. */
  readonly position: number

  constructor(kind: NotSliceable['kind'], position: number) {
    super(`${kind} at ${position}`)
    this.kind = kind
    this.position = position
  }
}

const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d]
const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]

/**
 * The texts of an array's elements, as they stand: nothing is parsed and written again, so each keeps its bytes. Only what tells
 * where an element ends is looked at: brackets, strings and commas. Where every slice is JSON, so is the whole text.
 * @throws {NotSliceable} as soon as that shows; elements before it have been given then
 */
export function* sliceArray(text: Buffer): Generator<Buffer, void> {
  let at = skipBlank(text, 0)
  if (at === text.length) throw new NotSliceable('short', at)
  if (text[at] !== openArray) throw new NotSliceable('other', at)
  at = skipBlank(text, at + 1)
  if (text[at] !== closeArray) {
    for (;;) {
      const end = findEnd(text, at)
      yield text.subarray(at, end)
      at = skipBlank(text, end)
      if (text[at] !== comma) break
      at = skipBlank(text, at + 1)
    }
    if (text[at] !== closeArray) throw new NotSliceable(at >= text.length ? 'short' : 'broken', at)
  }
  const rest = skipBlank(text, at + 1)
  if (rest < text.length) throw new NotSliceable('broken', rest)
}

/** Where the value that begins at `start` ends. */
function findEnd(text: Buffer, start: number): number {
  const first = text[start]
  if (first === quote) return findStringEnd(text, start)
  if (first === openArray || first === openObject) return findNestedEnd(text, start)
  let at = start
  while (at < text.length && !isDelimiter(text[at])) at += 1
  if (at > start) return at
  throw new NotSliceable(at === text.length ? 'short' : 'broken', at)
}

/** Brackets are counted whatever their kind: a pair that does not match shows when the slice is parsed. */
function findNestedEnd(text: Buffer, start: number): number {
  let depth = 0
  let at = start
  while (at < text.length) {
    const byte = text[at]
    if (byte === quote) {
      at = findStringEnd(text, at)
      continue
    }
    at += 1
    if (byte === openArray || byte === openObject) depth += 1
    else if (byte === closeArray || byte === closeObject) {
      depth -= 1
      if (depth === 0) return at
    }
  }
  throw new NotSliceable('short', at)
}

function findStringEnd(text: Buffer, start: number): number {
  let at = start + 1
  while (at < text.length) {
    const byte = text[at]
    if (byte === quote) return at + 1
    at += byte === backslash ? 2 : 1
  }
  throw new NotSliceable('short', text.length)
}

function isDelimiter(byte: number | undefined): boolean {
  return byte === comma || byte === closeArray || isBlank(byte)
}

function skipBlank(text: Buffer, from: number): number {
  let at = from
  while (isBlank(text[at])) at += 1
  return at
}

/** The four that JSON allows between its values. */
function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
