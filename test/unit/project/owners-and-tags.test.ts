import { readOwners, readTags } from '../../../src/project/owners-and-tags.ts'

describe('readOwners', () => {
  it('gives each owner once for each role, an empty role counting as none', () => {
    const owners = [
      { name: 'ann', type: 'OWNER' },
      { name: 'ann' },
      { name: 'ann', type: '' },
      { name: 'bob' },
    ]

    expect(readOwners({ owners })).toEqual([
      { name: 'ann', type: 'OWNER' },
      { name: 'ann', type: undefined },
      { name: 'bob', type: undefined },
    ])
  })

  it.each([undefined, null, 'text', {}, { owners: 'ann' }, { owners: [null, 'ann', {}, { name: '' }] }])(
    'gives nobody where the facet names nobody: %j',
    (facet) => {
      expect(readOwners(facet)).toEqual([])
    },
  )
})

describe('readTags', () => {
  it('gives each tag once for each source and field', () => {
    const tag = { key: 'pii', value: 'true', source: 'DBT' }
    const tags = [tag, tag, { ...tag, source: 'USER' }, { ...tag, field: 'mail' }]

    expect(readTags({ tags })).toEqual([
      { ...tag, field: undefined },
      { ...tag, source: 'USER', field: undefined },
      { ...tag, field: 'mail' },
    ])
  })

  it('never gives a null for a value', () => {
    expect(readTags({ tags: [{ key: 'daily', value: '' }, { key: 'hourly' }] })).toMatchObject([
      { key: 'daily', value: '' },
      { key: 'hourly', value: '' },
    ])
  })

  it('leaves out what no index takes', () => {
    const long = 'x'.repeat(5000)

    expect(
      readTags({
        tags: [
          { key: long, value: '' },
          { key: 'a', value: long },
          { key: '', value: 'b' },
        ],
      }),
    ).toEqual([])
  })
})
