import { fromDateTimeText } from '../../../src/graph/values.ts'

describe('the text of a DATETIME', () => {
  it.each([
    ['2026-11-22T10:00Z', '2026-11-22T10:00:00.000000000Z'],
    ['2026-11-22T10:00:07Z', '2026-11-22T10:00:07.000000000Z'],
    ['2026-11-22T10:00:00.5Z', '2026-11-22T10:00:00.500000000Z'],
    ['2026-11-22T10:00:07.123Z', '2026-11-22T10:00:07.123000000Z'],
    ['2026-11-22T10:00:07.123456789Z', '2026-11-22T10:00:07.123456789Z'],
  ])('%s is %s', (text, instant) => {
    expect(fromDateTimeText(text)).toBe(instant)
  })

  it('is undefined for null', () => {
    expect(fromDateTimeText(null)).toBeUndefined()
  })
})
