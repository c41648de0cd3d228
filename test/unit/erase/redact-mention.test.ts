import { createRedaction } from '../../../src/erase/redact-mention.ts'

const orders = createRedaction({ kind: 'DATASET', namespace: 'db', name: 'orders' }, 'erased-1')
const ann = createRedaction({ kind: 'PERSON', name: 'Ann "A." O\'Neill' }, 'erased-1')

describe('what is erased of a dataset', () => {
  it.each([
    ['an entry of a list', { inputs: [{ namespace: 'db', name: 'orders' }] }, { inputs: [] }],
    [
      'a source of a column',
      {
        inputFields: [
          { namespace: 'db', name: 'orders', field: 'id' },
          { namespace: 'db', name: 'b', field: 'id' },
        ],
      },
      { inputFields: [{ namespace: 'db', name: 'b', field: 'id' }] },
    ],
    ['a former name', { previousIdentifier: { namespace: 'db', name: 'orders' } }, {}],
    ['its word in a text', { query: 'SELECT 1 FROM orders' }, { query: 'SELECT 1 FROM erased-1' }],
    ['its word in a key', { 'stats of orders': 1 }, { 'stats of erased-1': 1 }],
    ['a text that is JSON', { text: '{"of":[{"namespace":"db","name":"orders"}]}' }, { text: '{"of":[]}' }],
    ['an entry of facts by its key', new Map([['["db","orders"]', 1]]), new Map()],
    ['a fact of it', [{ target: '["db","orders"]' }, { target: '["db","b"]' }], [{ target: '["db","b"]' }]],
  ])('is %s', (_, value, expected) => {
    expect(orders.redact(value)).toEqual(expected)
  })

  it.each([
    ['one of another namespace', { namespace: 'db2', name: 'orders' }],
    ['a job of its name', { job: { namespace: 'db', name: 'orders' } }],
    ['a job that explicit lineage names', [{ namespace: 'db', name: 'orders', type: 'JOB' }]],
    ['a longer word', { query: 'SELECT 1 FROM orders_old, old_orders' }],
    ['a column of its name', { fields: [{ name: 'orders', type: 'INT' }] }],
    ['an owner of its name', new Set(['orders'])],
  ])('is not %s', (_, value) => {
    expect(orders.redact(value)).toEqual(value)
  })
})

describe('what is erased of a person', () => {
  it('is the owner, and the name wherever else it stands', () => {
    const name = 'Ann "A." O\'Neill'
    const event = { owners: [{ name }, { name: 'x' }], user: name, facet: JSON.stringify({ by: name }) }

    expect(ann.redact(event)).toEqual({
      owners: [{ name: 'x' }],
      user: 'erased-1',
      facet: '{"by":"erased-1"}',
    })
    expect(ann.redact(new Set([name, 'x']))).toEqual(new Set(['x']))
    expect(ann.mayMention(JSON.stringify(event))).toBe(true)
  })
})
