import { toFilterTime } from '../../../src/log/log-filter.ts'

describe('toFilterTime', () => {
  it('takes a day for its midnight in UTC', () => {
    expect(toFilterTime('2026-11-22')).toBe('2026-11-22T00:00:00.000000000Z')
  })

  it('takes the times that events have', () => {
    expect(toFilterTime('2026-11-22T10:30:00.5+01:00')).toBe('2026-11-22T09:30:00.500000000Z')
  })

  it('refuses what is no time', () => {
    expect(() => toFilterTime('yesterday')).toThrow(RangeError)
    expect(() => toFilterTime('2026-02-30')).toThrow(RangeError)
  })
})
