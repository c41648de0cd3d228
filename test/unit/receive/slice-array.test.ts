import fc from 'fast-check'
import { NotSliceable, sliceArray } from '../../../src/receive/slice-array.ts'

function slicesOf(text: string): string[] {
  return [...sliceArray(Buffer.from(text))].map((slice) => slice.toString())
}

/** JSON as other writers make it: with blanks wherever JSON allows them. */
const looseJson = fc
  .tuple(
    fc.array(fc.jsonValue({ maxDepth: 4 })),
    fc.constantFrom(0, 2, '\t', '\n \r'),
    fc.constantFrom('', ' ', '\n', '\r\n\t '),
  )
  .map(([values, indent, around]) => ({
    values,
    text: `${around}${JSON.stringify(values, undefined, indent)}${around}`,
  }))

describe('sliceArray', () => {
  it('gives each element as it stands, without the blanks around it', () => {
    const text = ' [ {"a": [1, 2] } ,\n"b\\"]" ,-1.5e3,\t[[]],null]\n'

    expect(slicesOf(text)).toEqual(['{"a": [1, 2] }', '"b\\"]"', '-1.5e3', '[[]]', 'null'])
  })

  it('gives nothing of an empty array', () => {
    expect(slicesOf(' [ \n ] ')).toEqual([])
  })

  it('is not misled by brackets, quotes and escapes in strings', () => {
    const values = [{ 'a}]"': '\\' }, { b: '[{"' }, { c: '\\"' }, { d: 'é日本😀"]' }]

    expect(slicesOf(JSON.stringify(values))).toEqual(values.map((value) => JSON.stringify(value)))
  })

  it('goes as deep as the text does', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`

    expect(slicesOf(`[${deep}]`)).toEqual([deep])
  })

  it.each([
    ['', 'short', 0],
    ['  ', 'short', 2],
    ['{"a":1}', 'other', 0],
    [' 7', 'other', 1],
    ['[', 'short', 1],
    ['[1', 'short', 2],
    ['[1,', 'short', 3],
    ['[1,]', 'broken', 3],
    ['[,1]', 'broken', 1],
    ['[1 2]', 'broken', 3],
    ['[1]]', 'broken', 3],
    ['[1] 2', 'broken', 4],
    ['[{"a":"b]', 'short', 9],
    ['["a\\"]', 'short', 6],
    ['[{"a":1]', 'short', 8],
  ])('says of %j that it is %s at %i', (text, kind, position) => {
    expect(() => slicesOf(text)).toThrow(expect.objectContaining({ kind, position }))
  })

  it('cuts any array into the texts of its elements', () => {
    fc.assert(
      fc.property(looseJson, ({ values, text }) => {
        expect(slicesOf(text).map((slice) => JSON.parse(slice))).toEqual(JSON.parse(JSON.stringify(values)))
      }),
      { numRuns: 500 },
    )
  })

  it('finds every slice to be JSON exactly where the whole text is an array', () => {
    const damaged = fc
      .tuple(looseJson, fc.nat(), fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', ':', 'x', ' ', ''))
      .map(([{ text }, at, character]) => {
        const cut = at % (text.length + 1)
        return text.slice(0, cut) + character + text.slice(cut + 1)
      })

    fc.assert(
      fc.property(damaged, (text) => {
        expect(isSliced(text)).toBe(isJsonArray(text))
      }),
      { numRuns: 3000 },
    )
  })
})

function isSliced(text: string): boolean {
  try {
    for (const slice of slicesOf(text)) JSON.parse(slice)
    return true
  } catch (error) {
    if (error instanceof NotSliceable || error instanceof SyntaxError) return false
    throw error
  }
}

function isJsonArray(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text))
  } catch {
    return false
  }
}
