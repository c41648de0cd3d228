import { toColumnLineage } from '../../../src/project/column-lineage.ts'

const source = { namespace: 'db', name: 'orders', field: 'id' }

describe('toColumnLineage', () => {
  it('takes a source without a transformation as direct of a field, and as indirect of the whole dataset', () => {
    const lineage = toColumnLineage({ fields: { id: { inputFields: [source] } }, dataset: [source] })

    expect(lineage.fields['id']).toMatchObject([{ field: 'id', type: 'DIRECT', subtype: '' }])
    expect(lineage.dataset).toMatchObject([{ field: 'id', type: 'INDIRECT', subtype: '' }])
  })

  it('reads the transformation that a field stated for all its inputs before 1-2-0', () => {
    const stated = {
      inputFields: [source],
      transformationType: 'MASKED',
      transformationDescription: 'hashed',
    }

    expect(toColumnLineage({ fields: { id: stated } }).fields['id']).toMatchObject([
      { type: 'DIRECT', subtype: '', masking: true, description: 'hashed' },
    ])
  })

  it('leaves out what can have no node', () => {
    const lineage = toColumnLineage({
      fields: {
        id: {
          inputFields: [
            { ...source, name: '' },
            { ...source, field: '' },
          ],
        },
      },
    })

    expect(lineage.fields['id']).toEqual([])
  })
})
