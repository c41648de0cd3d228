import { gzipSync } from 'node:zlib'
import { toChangeLine, toEnvelopeLine, toPlainLine } from '../../../src/log/log-lines.ts'
import type { LoggedEvent } from '../../../src/log/logged-event.ts'

function logged(text: string): LoggedEvent {
  return {
    id: 'abc',
    eventTime: '2026-11-22T10:00:00.000000000Z',
    receivedAt: '2026-11-23T00:00:00.000000000Z',
    eventType: 'START',
    producer: 'https://example.com',
    warnings: [],
    payload: gzipSync(text),
  }
}

describe('toPlainLine', () => {
  it('gives a text of one line byte for byte', () => {
    const text = ' {"a":  1.0, "b": "\\u00fc ü"}\t '

    expect(toPlainLine(logged(text))).toEqual({ line: text, isRewritten: false })
  })

  it('takes only white space between values out of a text of several lines', () => {
    expect(toPlainLine(logged('{\r\n "a": 12345678901234567890,\n "b": "x y"\n}\n'))).toEqual({
      line: '{"a":12345678901234567890,"b":"x y"}',
      isRewritten: true,
    })
  })

  it('names the event whose payload is damaged', () => {
    expect(() => toPlainLine({ ...logged(''), payload: Buffer.from('x') })).toThrow(/event abc is no gzip/)
  })
})

describe('toEnvelopeLine', () => {
  it('keeps the text whatever it holds, on one line', () => {
    const text = '{\r\n "a": "\\" \u2028 ü"\n}\n'
    const line = toEnvelopeLine(logged(text))

    expect(line).not.toMatch(/[\r\n]/)
    expect(JSON.parse(line)).toEqual({ id: 'abc', receivedAt: '2026-11-23T00:00:00.000000000Z', text })
  })
})

describe('toChangeLine', () => {
  it('keeps all of a change', () => {
    const change = { id: 'c', at: '2026-11-22T10:00:00.000000000Z', kind: 'TAG', payload: '{}', by: 'me' }

    expect(JSON.parse(toChangeLine(change))).toEqual({ change })
  })
})
