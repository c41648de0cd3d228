import { toFieldAttributes, toSchemaVersion } from '../../../src/project/schema-version.ts'

const dataset = '["db","orders"]'

describe('toSchemaVersion', () => {
  it('sees no other version in another order', () => {
    const fields = [
      { name: 'a', type: 'int' },
      { name: 'b', fields: [{ name: 'x' }, { name: 'y' }] },
    ]
    const turned = [
      { name: 'b', fields: [{ name: 'y' }, { name: 'x' }] },
      { name: 'a', type: 'int' },
    ]

    expect(toSchemaVersion(dataset, { fields })?.key).toBe(toSchemaVersion(dataset, { fields: turned })?.key)
  })

  it.each([
    ['another type', [{ name: 'a', type: 'long' }]],
    ['another column', [{ name: 'a', type: 'int' }, { name: 'b' }]],
    ['another description', [{ name: 'a', type: 'int', description: 'the a' }]],
  ])('sees another version in %s', (_, fields) => {
    const before = toSchemaVersion(dataset, { fields: [{ name: 'a', type: 'int' }] })

    expect(toSchemaVersion(dataset, { fields })?.key).not.toBe(before?.key)
  })

  it('says nothing where there are no fields, as on DROP', () => {
    expect(toSchemaVersion(dataset, { fields: [] })).toBeUndefined()
    expect(toSchemaVersion(dataset, {})).toBeUndefined()
  })
})

describe('toFieldAttributes', () => {
  it('names nested fields by their path', () => {
    const version = toSchemaVersion(dataset, {
      fields: [{ name: 'a', type: 'struct', fields: [{ name: 'b', type: 'int' }] }],
    })

    const attributes = toFieldAttributes(version?.fields ?? '')

    expect([...attributes.values()]).toEqual([
      { name: 'a', type: 'struct', description: null, ordinal: 1 },
      { name: 'a.b', type: 'int', description: null, ordinal: 1 },
    ])
  })

  it('takes the position that the producer states', () => {
    const version = toSchemaVersion(dataset, { fields: [{ name: 'a', ordinal_position: 7 }] })

    expect(toFieldAttributes(version?.fields ?? '').get('a')?.ordinal).toBe(7)
  })
})
