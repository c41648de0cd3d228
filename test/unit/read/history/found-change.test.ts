import { median, ranked, toChange } from '../../../../src/read/history/found-change.ts'
import { weighRows } from '../../../../src/read/history/dataset-changes.ts'

describe('the median', () => {
  it('is the middle, or the mean of the two in the middle', () => {
    expect([median([]), median([3]), median([9, 1, 5]), median([1, 2, 3, 10])]).toEqual([
      undefined,
      3,
      5,
      2.5,
    ])
  })
})

const change = (of: string, distance: number, weight: number) =>
  toChange({ kind: 'CODE', of, distance, reason: '' }, weight)

describe('changes', () => {
  it('rank by what they are, and the nearer the higher', () => {
    const far = change('far', 4, 70)
    const near = change('near', 1, 70)
    const mild = change('mild', 0, 40)

    expect(ranked([mild, far, near]).map(({ of }) => of)).toEqual(['near', 'far', 'mild'])
  })

  it('never fall out by distance alone', () => {
    expect(toChange({ kind: 'CODE', of: '', distance: 50, reason: '' }, 70).score).toBe(1)
  })
})

describe('a number of rows', () => {
  it.each([
    [100, 100],
    [51, 100],
    [200, 100],
    [0, 0],
  ])('of %d where %d are usual is nothing', (count, usual) => {
    expect(weighRows(count, usual)).toBeUndefined()
  })

  it('weighs more the fewer are left', () => {
    expect(weighRows(5, 100)).toBeGreaterThan(weighRows(40, 100) ?? 0)
    expect(weighRows(201, 100)).toBe(weighRows(40, 100))
  })
})
