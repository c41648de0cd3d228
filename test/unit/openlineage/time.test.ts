import { hasZone, millisecondsBetween, toHour, toInstant } from '../../../src/openlineage/time.ts'

describe('toInstant', () => {
  it.each([
    ['2026-11-22T17:13:25.992348+00:00', '2026-11-22T17:13:25.992348000Z'],
    ['2026-11-22T17:13:25Z', '2026-11-22T17:13:25.000000000Z'],
    ['2026-11-22T19:13:25.5+02:00', '2026-11-22T17:13:25.500000000Z'],
    ['2026-11-22T12:13:25-0500', '2026-11-22T17:13:25.000000000Z'],
    ['2026-11-22 17:13:25', '2026-11-22T17:13:25.000000000Z'],
    ['2026-11-22T17:13:25.123456789Z', '2026-11-22T17:13:25.123456789Z'],
    ['2026-11-22T17:13:25.123Z[Europe/London]', '2026-11-22T17:13:25.123000000Z'],
    ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00.000000000Z'],
  ])('reads %s', (text, instant) => {
    expect(toInstant(text)).toBe(instant)
  })

  it.each([
    '',
    'yesterday',
    '2026-02-30T00:00:00Z',
    '2026-11-22T25:00:00Z',
    '2026-11-22',
    '2026-11-22T10:00:00+99:00',
  ])('takes "%s" for no time', (text) => {
    expect(toInstant(text)).toBeUndefined()
  })

  it('gives instants that compare as strings', () => {
    const [earlier, later] = [toInstant('2026-11-22T17:13:25.9Z'), toInstant('2026-11-22T17:13:25.91Z')]

    expect(String(earlier) < String(later)).toBe(true)
  })
})

describe('hasZone', () => {
  it('tells a time with a zone from one without', () => {
    expect(hasZone('2026-11-22T17:13:25+00:00')).toBe(true)
    expect(hasZone('2026-11-22T17:13:25Z')).toBe(true)
    expect(hasZone('2026-11-22T17:13:25')).toBe(false)
  })
})

describe('toHour', () => {
  it('rounds down', () => {
    expect(toHour('2026-11-22T17:59:59.999999999Z')).toBe('2026-11-22T17:00:00.000000000Z')
  })
})

describe('millisecondsBetween', () => {
  it('counts across seconds and drops fractions', () => {
    const from = '2026-11-22T17:13:46.644790000Z'
    const to = '2026-11-22T17:13:47.938058000Z'

    expect(millisecondsBetween({ from, to })).toBe(1293)
  })
})
