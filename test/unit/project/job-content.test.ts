import { toColumnLineage, toColumnLineageKey } from '../../../src/project/column-lineage.ts'
import {
  decodeContent,
  encodeContent,
  isWithin,
  toJobVersionKey,
  toStructure,
} from '../../../src/project/job-content.ts'

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
const structure = toStructure(job, content, new Map([[key, columnLineage]]))

describe('toStructure', () => {
  it('lets every input feed every output, COLUMN where column lineage names it', () => {
    expect(structure.feeds.map(({ from, derivation }) => [from, derivation])).toEqual([
      [customers, 'IO'],
      [orders, 'COLUMN'],
      ['["db","rates"]', 'COLUMN'],
    ])
  })

  it('does not read a source that only column lineage names', () => {
    expect(structure.reads).toEqual([customers, orders])
  })

  it('lets columns feed columns, and influence the dataset', () => {
    expect(structure.fieldFeeds).toMatchObject([
      { from: orders, fromField: 'amount', to: totals, toField: 'total', subtype: 'AGGREGATION' },
    ])
    expect(structure.influences).toMatchObject([
      { from: '["db","rates"]', fromField: 'day', to: totals, type: 'INDIRECT' },
    ])
  })

  it('lets nothing feed itself', () => {
    const inPlace = { ...content, inputs: [totals], columnLineage: {} }

    expect(toStructure(job, inPlace, new Map()).feeds).toEqual([])
  })
})

describe('isWithin', () => {
  it('tells that nothing is taken back when an input comes or a derivation grows stronger', () => {
    const weaker = toStructure(job, { ...content, inputs: [orders], columnLineage: {} }, new Map())

    expect(isWithin(weaker, structure)).toBe(true)
    expect(isWithin(structure, weaker)).toBe(false)
  })
})

describe('encodeContent', () => {
  it('is read back as the same version', () => {
    expect(toJobVersionKey(job, decodeContent(encodeContent(content)))).toBe(toJobVersionKey(job, content))
  })
})
