import fc from 'fast-check'
import { indentJson } from '../../../src/commands/indent-json.ts'

describe('indentJson', () => {
  it('sets a text on lines without touching a value', () => {
    const text = '{"a":3821550127947089009,"a":[1.50,"x, {\\"y\\": [1]}"],"e":{},"f":[ ],"g":[{}]}'

    expect(indentJson(text)).toBe(
      [
        '{',
        '  "a": 3821550127947089009,',
        '  "a": [',
        '    1.50,',
        '    "x, {\\"y\\": [1]}"',
        '  ],',
        '  "e": {},',
        '  "f": [],',
        '  "g": [',
        '    {}',
        '  ]',
        '}',
      ].join('\n'),
    )
  })

  it('writes as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, undefined, 2))
      }),
      { numRuns: 500 },
    )
  })

  it('takes a long text, and a deep one', () => {
    const long = JSON.stringify(['x\\"'.repeat(2_000_000)])
    const deep = '['.repeat(10_000) + ']'.repeat(10_000)

    expect(JSON.parse(indentJson(long))).toEqual(JSON.parse(long))
    expect(indentJson(deep).length).toBeLessThan(4_000_000)
  })
})
