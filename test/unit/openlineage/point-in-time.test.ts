import { toDurationMs, toPointInTime } from '../../../src/openlineage/point-in-time.ts'

const now = Date.parse('2026-11-22T12:00:00Z')

describe('toPointInTime', () => {
  it.each([
    ['2026-11-22T10:30:00+01:00', '2026-11-22T09:30:00.000000000Z'],
    ['2026-11-22T10:30:00.123456789', '2026-11-22T10:30:00.123456789Z'],
    ['2026-11-22', '2026-11-22T00:00:00.000000000Z'],
    ['90m', '2026-11-22T10:30:00.000000000Z'],
    ['24h', '2026-11-21T12:00:00.000000000Z'],
    ['7d', '2026-11-15T12:00:00.000000000Z'],
    ['0d', '2026-11-22T12:00:00.000000000Z'],
  ])('understands %s', (text, instant) => {
    expect(toPointInTime(text, now)).toBe(instant)
  })

  it.each(['', 'yesterday', '2026-02-30', '7', 'd', '7w', '-1d', '1.5h', '9999999d', '999999d'])(
    'does not understand "%s"',
    (text) => {
      expect(toPointInTime(text, now)).toBeUndefined()
    },
  )
})

describe('toDurationMs', () => {
  it('reads minutes, hours and days', () => {
    expect(['5m', '2h', '1d', '1y'].map(toDurationMs)).toEqual([300_000, 7_200_000, 86_400_000, undefined])
  })
})
