import { readAssertions, readTests } from '../../../src/project/stated-tests.ts'

describe('readAssertions', () => {
  it('names each by its name, else by what it asserts', () => {
    const assertions = [
      { assertion: 'unique', success: true, name: 'ids are unique', column: 'id' },
      { assertion: 'row_count', success: false, column: '' },
    ]

    expect(readAssertions({ assertions })).toMatchObject([
      { name: 'ids are unique', column: 'id', status: 'pass', type: 'unique' },
      { name: 'row_count', column: undefined, status: 'fail', type: 'row_count' },
    ])
  })

  it('gives the failure, else the later, of two with one name and column', () => {
    const assertions = ['a', 'b'].flatMap((column) => [
      { assertion: 'unique', success: column === 'a', column, actual: 'first' },
      { assertion: 'unique', success: true, column, actual: 'second' },
    ])

    expect(readAssertions({ assertions })).toMatchObject([
      { column: 'a', status: 'pass', actual: 'second' },
      { column: 'b', status: 'fail', actual: 'first' },
    ])
  })

  it('gives none where the facet may not be interpreted', () => {
    expect(readAssertions(undefined)).toEqual([])
  })
})

describe('readTests', () => {
  it('gives the status in the producer’s word, and no column', () => {
    const tests = [{ name: 'orphans', status: 'skip', severity: 'warn', type: 'custom_sql', column: 'id' }]

    expect(readTests({ tests })).toEqual([
      {
        name: 'orphans',
        column: undefined,
        status: 'skip',
        severity: 'warn',
        type: 'custom_sql',
        description: undefined,
        expected: undefined,
        actual: undefined,
      },
    ])
  })

  it('cuts a status that no index takes', () => {
    expect(readTests({ tests: [{ name: 'a', status: 'x'.repeat(10_000) }] })[0]?.status).toHaveLength(100)
  })
})
