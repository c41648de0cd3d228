import { isWithinEdits, scoreName, scoreWords } from '../../../../src/read/search/score-text.ts'
import { toLuceneQuery, toWords } from '../../../../src/read/search/search-words.ts'

describe('toWords', () => {
  it('parts names at all that is no letter or digit, and at capitals', () => {
    expect(toWords('s3://lake/fetchDataTask_v2.XMLFile')).toEqual([
      's3',
      'lake',
      'fetch',
      'data',
      'task',
      'v2',
      'xml',
      'file',
    ])
  })
})

describe('toLuceneQuery', () => {
  it('holds letters and its own syntax only', () => {
    expect(toLuceneQuery('sales AND (x:"')).toBe('sales^4 sales*^2 sales~1 and^4 and*^2 x^4 x*^2')
    expect(toLuceneQuery('2024 !"§')).toBe('')
  })
})

describe('scoreName', () => {
  it('puts the very name before beginnings, words, beginnings of words, and misspelt ones', () => {
    const names = ['sales', 'sales_daily', 'public.sales', 'public.salesmen', 'public.slaes', 'orders']

    const scores = names.map((name) => scoreName('sales', name))

    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
    expect(new Set(scores).size).toBe(names.length)
    expect(scores.at(-1)).toBe(0)
  })
})

describe('scoreWords', () => {
  it('counts the words that are there', () => {
    expect(scoreWords('daily sales', 'Sales of the day, daily')).toBe(1)
    expect(scoreWords('daily sales', 'Orders, daily')).toBe(0.5)
    expect(scoreWords('', 'x')).toBe(0)
  })
})

describe('isWithinEdits', () => {
  it.each([
    ['sales', 'slaes', 1, true],
    ['sales', 'sale', 1, true],
    ['sales', 'saless', 1, true],
    ['sales', 'bales', 1, true],
    ['sales', 'orders', 2, false],
    ['ab', 'ba', 0, false],
  ])('of %s and %s within %i: %s', (a, b, max, is) => {
    expect(isWithinEdits(a, b, max)).toBe(is)
  })
})
