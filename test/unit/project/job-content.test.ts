import { toColumnLineage, toColumnLineageKey } from '../../../src/project/column-lineage.ts'
import { decodeContent, encodeContent, toJobVersionKey } from '../../../src/project/job-content.ts'

const job = '["jobs","load"]'
const [orders, customers, totals] = ['["db","orders"]', '["db","customers"]', '["db","totals"]']

const columnLineage = toColumnLineage({
  fields: {
    total: {
      inputFields: [
        {
          namespace: 'db',
          name: 'orders',
          field: 'amount',
          transformations: [{ type: 'DIRECT', subtype: 'AGGREGATION' }],
        },
      ],
    },
  },
  dataset: [
    {
      namespace: 'db',
      name: 'rates',
      field: 'day',
      transformations: [{ type: 'INDIRECT', subtype: 'JOIN' }],
    },
  ],
})
const key = toColumnLineageKey(totals, columnLineage)
const content = {
  inputs: [customers, orders],
  outputs: [totals],
  columnLineage: { [totals]: key },
  sql: undefined,
  source: undefined,
}

describe('encodeContent', () => {
  it('is read back as the same version', () => {
    expect(toJobVersionKey(job, decodeContent(encodeContent(content)))).toBe(toJobVersionKey(job, content))
  })
})
