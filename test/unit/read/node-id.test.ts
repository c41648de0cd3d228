import fc from 'fast-check'
import { readNodeId, toNodeId, type NodeName } from '../../../src/read/node-id.ts'

const part = fc.string({
  minLength: 1,
  unit: fc.constantFrom('a', ':', '/', '%', ' ', 'é', '2', '5', '3', 'A'),
})
const anyNode: fc.Arbitrary<NodeName> = fc.oneof(
  fc.record({ kind: fc.constantFrom('dataset' as const, 'job' as const), namespace: part, name: part }),
  fc.record({ kind: fc.constant('field' as const), namespace: part, name: part, field: part }),
  fc.record({ kind: fc.constant('run' as const), runId: fc.uuid() }),
)

describe('the id of a node', () => {
  it('is read as that node and no other', () => {
    fc.assert(
      fc.property(anyNode, (node) => {
        expect(readNodeId(toNodeId(node))).toEqual([node])
      }),
    )
  })

  it('can be read by people', () => {
    expect(toNodeId({ kind: 'dataset', namespace: 's3://data_bucket', name: 'raw_data.csv' })).toBe(
      'dataset:s3%3A//data_bucket:raw_data.csv',
    )
  })

  it('may be each way to take it apart where its colons are plain', () => {
    expect(readNodeId('dataset:postgres://h:5432:public.t')).toEqual([
      { kind: 'dataset', namespace: 'postgres', name: '//h:5432:public.t' },
      { kind: 'dataset', namespace: 'postgres://h', name: '5432:public.t' },
      { kind: 'dataset', namespace: 'postgres://h:5432', name: 'public.t' },
    ])
  })

  it('is read as Marquez writes one of a column', () => {
    expect(readNodeId('datasetField:ns:table:column')).toEqual([
      { kind: 'field', namespace: 'ns', name: 'table', field: 'column' },
    ])
  })

  it.each([
    '',
    'dataset',
    'dataset:',
    'dataset:only',
    'dataset::x',
    'table:a:b',
    'run:',
    'run:a:b',
    'field:a:b',
  ])('is nothing in %j', (text) => {
    expect(readNodeId(text)).toEqual([])
  })

  it('does not take ages where somebody writes a thousand colons', () => {
    expect(readNodeId(`field:${':x'.repeat(1000)}`).length).toBeLessThanOrEqual(200)
  })
})
