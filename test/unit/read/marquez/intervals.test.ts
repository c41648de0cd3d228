import { lastDays, lastHours } from '../../../../src/read/marquez/intervals.ts'

const hourMs = 3_600_000
const at = (text: string) => Date.parse(text)
const shown = (intervals: readonly { startMs: number; endMs: number }[] | undefined) =>
  intervals?.map(({ startMs, endMs }) => [new Date(startMs).toISOString(), (endMs - startMs) / hourMs])

describe('the last hours', () => {
  it('are 24, up to the end of the one that runs', () => {
    const hours = lastHours(at('2026-11-22T10:30:00Z'))

    expect(hours.length).toBe(24)
    expect(hours[0]?.startMs).toBe(at('2026-11-21T11:00:00Z'))
    expect(hours.at(-1)).toEqual({ startMs: at('2026-11-22T10:00:00Z'), endMs: at('2026-11-22T11:00:00Z') })
  })
})

describe('the last days of a time zone', () => {
  it('begin at its midnights, whatever the day is in UTC', () => {
    expect(shown(lastDays(at('2026-07-01T23:30:00Z'), 'Asia/Kolkata'))?.at(-1)).toEqual([
      '2026-07-01T18:30:00.000Z',
      24,
    ])
    expect(shown(lastDays(at('2026-07-01T01:00:00Z'), 'America/New_York'))?.at(-1)).toEqual([
      '2026-06-30T04:00:00.000Z',
      24,
    ])
  })

  it('are longer where clocks are put back, and shorter where they are put forward', () => {
    const autumn = shown(lastDays(at('2026-10-27T12:00:00Z'), 'Europe/Berlin'))
    const spring = shown(lastDays(at('2026-03-30T12:00:00Z'), 'Europe/Berlin'))

    expect(autumn?.map(([, hours]) => hours)).toEqual([24, 24, 24, 24, 25, 24, 24])
    expect(spring?.map(([, hours]) => hours)).toEqual([24, 24, 24, 24, 24, 23, 24])
  })

  it('follow one another without a gap', () => {
    const days = lastDays(at('2026-10-27T12:00:00Z'), 'Europe/Berlin') ?? []

    expect(days.slice(1).map(({ startMs }) => startMs)).toEqual(days.slice(0, -1).map(({ endMs }) => endMs))
  })

  it('are none of a zone that nobody knows', () => {
    expect(lastDays(at('2026-10-27T12:00:00Z'), 'Mars/Olympus')).toBeUndefined()
  })
})
