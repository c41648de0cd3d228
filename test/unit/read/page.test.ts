import { readCursor, toCursor, toPage } from '../../../src/read/page.ts'

describe('a page', () => {
  it('names the next one where there are more rows than it holds', () => {
    const { page, next } = toPage(['a', 'b', 'c'], 2, (row) => [row])

    expect(page).toEqual(['a', 'b'])
    expect(readCursor(next, 1)).toEqual(['b'])
  })

  it('is the last one where there are not', () => {
    expect(toPage(['a', 'b'], 2, (row) => [row])).toEqual({ page: ['a', 'b'] })
  })
})

describe('a cursor', () => {
  it('keeps texts and numbers', () => {
    expect(readCursor(toCursor(['s3://é', 7]), 2)).toEqual(['s3://é', 7])
  })

  it('is none where there is none', () => {
    expect(readCursor(undefined, 1)).toBeUndefined()
  })

  it.each([
    'x',
    toCursor(['a', 'b']),
    Buffer.from('{"a":1}').toString('base64url'),
    Buffer.from('[null]').toString('base64url'),
  ])('is refused where it is %s, which is not one of this list', (cursor) => {
    expect(() => readCursor(cursor, 1)).toThrow('cursor must be the `next` of a page')
  })
})
