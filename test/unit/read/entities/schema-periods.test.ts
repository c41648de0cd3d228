import { toPeriods } from '../../../../src/read/entities/schema-periods.ts'

/** `a3`: schema a, written at 3. */
const written = (...versions: string[]) =>
  versions.map((version) => ({ schema: version.charAt(0), writtenAt: version.slice(1), key: version }))

describe('the periods of schemas', () => {
  it('join versions that follow each other with one schema', () => {
    const periods = toPeriods(written('b4', 'b3', 'a2', 'a1'), { isWhole: true })

    expect(periods).toEqual([
      { schema: 'b', from: '3', to: undefined, versions: 2, oldestKey: 'b3' },
      { schema: 'a', from: '1', to: '3', versions: 2, oldestKey: 'a1' },
    ])
  })

  it('keep a schema that came back apart from when it held before', () => {
    const periods = toPeriods(written('a3', 'b2', 'a1'), { isWhole: true })

    expect(periods.map(({ schema, from, to }) => [schema, from, to])).toEqual([
      ['a', '3', undefined],
      ['b', '2', '3'],
      ['a', '1', '2'],
    ])
  })

  it('leave out the oldest where it may be longer than was read', () => {
    const periods = toPeriods(written('b3', 'a2'), { isWhole: false })

    expect(periods.map(({ schema }) => schema)).toEqual(['b'])
  })

  it('end the newest where the page before began', () => {
    expect(toPeriods(written('a1'), { isWhole: true, heldTo: '5' })[0]?.to).toBe('5')
  })
})
