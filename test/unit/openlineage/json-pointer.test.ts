import { pointerTo } from '../../../src/openlineage/json-pointer.ts'

describe('a JSON pointer', () => {
  it('goes down by keys and indexes', () => {
    expect(pointerTo(pointerTo('#/inputs', 0), 'facets')).toBe('#/inputs/0/facets')
  })

  it('escapes what would mislead', () => {
    expect(pointerTo('#', 'a/b~1c d%')).toBe('#/a~1b~01c d%')
  })
})
