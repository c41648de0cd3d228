import { isChange, toColumnChanges, toColumns } from '../../../../src/read/entities/column-changes.ts'

const columns = (fields: unknown) => toColumns(JSON.stringify(fields))

describe('the columns of a schema', () => {
  it('have nested ones by their path, each with its type', () => {
    const found = columns([
      { name: 'id', type: 'int' },
      { name: 'address', type: 'struct', fields: [{ name: 'city' }] },
    ])

    expect([...found]).toEqual([
      ['id', 'int'],
      ['address', 'struct'],
      ['address.city', ''],
    ])
  })

  it('are none where no schema is known', () => {
    expect(toColumns(undefined).size).toBe(0)
  })
})

describe('the changes of columns', () => {
  it('are those that came, went and have another type', () => {
    const changes = toColumnChanges({
      from: columns([{ name: 'a', type: 'int' }, { name: 'b' }]),
      to: columns([
        { name: 'c', type: 'text' },
        { name: 'a', type: 'bigint' },
      ]),
    })

    expect(changes).toEqual({
      added: [{ name: 'c', type: 'text' }],
      removed: [{ name: 'b' }],
      retyped: [{ name: 'a', from: 'int', to: 'bigint' }],
    })
    expect(isChange(changes)).toBe(true)
  })

  it('are none where only the order differs', () => {
    const changes = toColumnChanges({
      from: columns([{ name: 'a' }, { name: 'b' }]),
      to: columns([{ name: 'b' }, { name: 'a' }]),
    })

    expect(isChange(changes)).toBe(false)
  })
})
