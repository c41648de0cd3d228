import { scanPage } from '../../../../src/read/entities/scan-page.ts'
import { readCursor } from '../../../../src/read/page.ts'

/** Numbers from 1 on, in order. */
function numbers(until: number) {
  return (after: readonly (string | number)[] | undefined, rows: number): Promise<number[]> => {
    const first = Number(after?.[0] ?? 0) + 1
    const count = Math.max(Math.min(rows, until - first + 1), 0)
    return Promise.resolve(Array.from({ length: count }, (_, index) => first + index))
  }
}

const positionOf = (number: number) => [number]

describe('a page that is filtered after reading', () => {
  it('has no next where the list ends', async () => {
    const page = await scanPage({
      limit: 3,
      after: undefined,
      read: numbers(3),
      keeps: undefined,
      positionOf,
    })

    expect(page).toEqual({ page: [1, 2, 3] })
  })

  it('goes on behind its last entry', async () => {
    const { page, next } = await scanPage({
      limit: 2,
      after: [1],
      read: numbers(9),
      keeps: (number) => number % 3 === 0,
      positionOf,
    })

    expect(page).toEqual([3, 6])
    expect(readCursor(next, 1)).toEqual([6])
  })

  it('stops looking after a while, and can be gone on with', async () => {
    const { page, next } = await scanPage({
      limit: 2,
      after: undefined,
      read: numbers(1_000_000),
      keeps: () => false,
      positionOf,
    })

    expect(page).toEqual([])
    expect(readCursor(next, 1)).toEqual([5000])
  })
})
