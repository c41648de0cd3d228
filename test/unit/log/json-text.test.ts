import fc from 'fast-check'
import { elementTexts, memberText, toOneLine } from '../../../src/log/json-text.ts'

const spaces = fc.constantFrom('', ' ', '\n', '\r\n', '\t', '  \n ')

/** A value's JSON with white space wherever JSON lets it stand. */
function spaced(value: unknown, space: () => string): string {
  const around = (text: string) => `${space()}${text}${space()}`
  if (Array.isArray(value)) return around(`[${value.map((one) => spaced(one, space)).join(',')}${space()}]`)
  if (typeof value !== 'object' || value === null) return around(JSON.stringify(value))
  const members = Object.entries(value).map(
    ([key, member]) => `${around(JSON.stringify(key))}:${spaced(member, space)}`,
  )
  return around(`{${members.join(',')}${space()}}`)
}

const spacedJson = fc
  .record({ value: fc.jsonValue(), picks: fc.array(spaces, { minLength: 1 }) })
  .map(({ value, picks }) => {
    let at = 0
    return { value, text: spaced(value, () => picks[at++ % picks.length] ?? '') }
  })

describe('toOneLine', () => {
  it('leaves out white space between values and nothing else', () => {
    fc.assert(
      fc.property(spacedJson, ({ value, text }) => {
        expect(toOneLine(text)).toBe(JSON.stringify(value))
      }),
    )
  })

  it('keeps numbers and escapes as they are written', () => {
    const text = '{\n "id": 3821550127947089009,\n "pi": 3.1400e+0, "é": "\\u00e9 \\" \\\\"\n}\n'

    expect(toOneLine(text)).toBe('{"id":3821550127947089009,"pi":3.1400e+0,"é":"\\u00e9 \\" \\\\"}')
  })
})

describe('elementTexts', () => {
  it('cuts an array into the texts of its elements', () => {
    fc.assert(
      fc.property(fc.array(spacedJson), (elements) => {
        const array = `[${elements.map(({ text }) => text).join(',')}]`

        expect(elementTexts(array).map((text): unknown => JSON.parse(text))).toEqual(
          elements.map(({ text }): unknown => JSON.parse(text)),
        )
      }),
    )
  })

  it('keeps the digits of a long number', () => {
    expect(elementTexts('[ {"a": 12345678901234567890} , 1 ]')).toEqual(['{"a": 12345678901234567890}', '1'])
  })
})

describe('memberText', () => {
  it('finds a member among others, whatever they hold', () => {
    const text = '{ "a": "}\\"", "b" : [1, {"event": 2}], "event": {"x": [ 1 ]} , "c": null }'

    expect(memberText(text, 'event')).toBe('{"x": [ 1 ]}')
    expect(memberText(text, 'c')).toBe('null')
    expect(memberText(text, 'x')).toBeUndefined()
  })

  it('takes the last of two members of one name, as JSON.parse does', () => {
    expect(memberText('{"event":1,"event":2}', 'event')).toBe('2')
  })

  it('finds a member whose name is written with escapes', () => {
    expect(memberText('{"ev\\u0065nts":[1]}', 'events')).toBe('[1]')
  })
})
