import {
  trimOnce,
  trimmerNames,
  withoutEndSlashes,
  type TrimmerName,
} from '../../../src/identity/trim-name.ts'

function trim(trimmer: TrimmerName, name: string): string | undefined {
  return trimOnce(name, [trimmer])
}

describe('DateTrimmer', () => {
  it.each([
    ['t/2025-07-22', 't'],
    ['t/22.07.2025', 't'],
    ['t/20250722', 't'],
    ['/tmp/20250722', '/tmp'],
    ['t/20250722T901Z', 't'],
    ['t/2025-07-22T09:01:00.000Z', 't'],
    ['t/2025-07-22 09:01', 't'],
    ['t/2025072209', 't'],
    ['t/20250722/', 't'],
    // Java takes a 31st of every month.
    ['t/2025-02-31', 't'],
    // The first eight digits are no date, those behind them are.
    ['t/00000000-20250722', 't'],
  ])('takes the date off %s', (name, whole) => {
    expect(trim('DateTrimmer', name)).toBe(whole)
  })

  it.each([
    't/report_20250101',
    't/20250101.csv',
    't/20251301',
    't/2025-00-10',
    't/2025-01-32',
    't/0000-01-01',
    't/2025-1-1',
    // Eight digits are taken at a time: 12025010 is no date, and 11 is left.
    't/1202501011',
    't/20250722TT09',
    't/20250722ZZ',
    't/20250722t0901z',
    't/2025-07',
    't/12',
  ])('leaves %s', (name) => {
    expect(trim('DateTrimmer', name)).toBeUndefined()
  })
})

describe('KeyValueTrimmer', () => {
  it.each([
    ['t/country=DE', 't'],
    ['t/country=', 't'],
    ['t/=', 't'],
    ['/t/day=1/', '/t'],
  ])('takes the partition off %s', (name, whole) => {
    expect(trim('KeyValueTrimmer', name)).toBe(whole)
  })

  it.each(['t/country', 't/a=b=c', 't/a=1/b', '/a=1', 'a=1'])('leaves %s', (name) => {
    expect(trim('KeyValueTrimmer', name)).toBeUndefined()
  })
})

describe('MultiDirDateTrimmer', () => {
  it.each([
    ['t/2025/01', 't'],
    ['/t/2025/12', '/t'],
    ['t/2025/01/31', 't'],
    ['/a/t/2025/01/31', '/a/t'],
    ['t/2025/02/31', 't'],
    ['t/202/501', 't'],
    ['t/2025/01/', 't'],
  ])('takes the directories off %s', (name, whole) => {
    expect(trim('MultiDirDateTrimmer', name)).toBe(whole)
  })

  it.each([
    '2025/01',
    '/2025/01',
    '2025/01/31',
    '/2025/01/31',
    't/2025/13',
    't/2025/1',
    't/2025/01/32',
    't/25/01',
  ])('leaves %s', (name) => {
    expect(trim('MultiDirDateTrimmer', name)).toBeUndefined()
  })
})

describe('YearMonthTrimmer', () => {
  it.each([
    ['t/202501', 't'],
    ['t/2025-01', 't'],
    ['/t/2025-12/', '/t'],
  ])('takes the month off %s', (name, whole) => {
    expect(trim('YearMonthTrimmer', name)).toBe(whole)
  })

  it.each(['202501', '/202501', 't/202513', 't/2025-00', 't/2025-1', 't/20250', 't/000001', 't/m202501'])(
    'leaves %s',
    (name) => {
      expect(trim('YearMonthTrimmer', name)).toBeUndefined()
    },
  )
})

describe('trimOnce', () => {
  it('never trims a name to nothing', () => {
    for (const name of ['2025-01-01', '/2025-01-01', 'a=1', '/a=1', '202501', '/', '', '//']) {
      expect({ name, trimmed: trimOnce(name, trimmerNames) }).toEqual({ name, trimmed: undefined })
    }
    expect(trimOnce('//2025-01-01', trimmerNames)).toBe('/')
  })

  it('uses the trimmers that it is given alone', () => {
    expect(trimOnce('t/a=1', ['DateTrimmer'])).toBeUndefined()
    expect(trimOnce('t/a=1', [])).toBeUndefined()
  })
})

describe('withoutEndSlashes', () => {
  it.each([
    ['a/', 'a'],
    ['/a//', '/a'],
    ['a', 'a'],
    ['/', '/'],
    ['//', '/'],
    ['', ''],
  ])('makes %j %j', (name, expected) => {
    expect(withoutEndSlashes(name)).toBe(expected)
  })
})
