import { parseEventText } from '../../../src/receive/parse-event.ts'

describe('parseEventText', () => {
  it('gives the value of a JSON text', () => {
    expect(parseEventText(Buffer.from(' {"a":["é",1.5,null,true]} '))).toEqual({ a: ['é', 1.5, null, true] })
  })

  it.each([
    ['{"a" 1}', 'The body breaks off being JSON at position 5.'],
    ['[1,2', 'The body breaks off being JSON at position 4.'],
    ["{'a':1}", 'The body breaks off being JSON at position 1.'],
    ['{"a":}', 'The body has an unexpected "}".'],
    ['{"a":\n}', 'The body has an unexpected "}".'],
    ['{"a":NaN}', 'The body has an unexpected "N".'],
    ['undefined', 'The body is not JSON.'],
    ['{"a":"b\nc"}', 'The body breaks off being JSON at position 7.'],
  ])('says where %j is no JSON', (text, sentence) => {
    expect(() => parseEventText(Buffer.from(text))).toThrow(sentence)
  })

  it.each([
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
    ['half a surrogate pair', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a cut character', [0x22, 0xe2, 0x82, 0x22]],
  ])('refuses %s as no UTF-8', (_name, bytes) => {
    expect(() => parseEventText(Buffer.from(bytes))).toThrow('not UTF-8')
  })
})
