import { toColumnLineage, toColumnLineageKey } from '../../../src/project/column-lineage.ts'
import { toDatasetLineage, toExplicitLineages } from '../../../src/project/explicit-lineage.ts'
import type { LineageFacet } from '../../../src/openlineage/facet-types.ts'
import { isWithin, type Structure } from '../../../src/project/structure.ts'
import { toDeclaredStructure, toStructure } from '../../../src/project/to-structure.ts'

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

/** The structure of a job that reads orders and customers, writes totals and names, and states this. */
function toExplicitStructure(facet: LineageFacet): Structure {
  const lineages = toExplicitLineages(facet, { namespace: 'jobs', name: 'load' })
  const stated = {
    ...content,
    outputs: [names, totals],
    columnLineage: {},
    lineage: lineages.map(({ key: entry }) => entry),
  }
  return toStructure(job, stated, new Map(lineages.map(({ key: entry, content: said }) => [entry, said])))
}

const names = '["db","names"]'
const dataset = (name: string) => ({ type: 'DATASET', namespace: 'db', name })
const filter = [{ type: 'INDIRECT', subtype: 'FILTER' }]

function toFlows({ feeds }: Structure): string[] {
  return feeds.map(({ from, to, derivation }) => `${from} ${derivation} ${to}`)
}

describe('toStructure of explicit lineage', () => {
  it('takes the facet as the only source of its targets, and leaves the other outputs to the inputs', () => {
    const structureOf = toExplicitStructure({
      entries: [{ ...dataset('totals'), inputs: [dataset('orders')] }],
    })

    expect(toFlows(structureOf)).toEqual([
      `${orders} EXPLICIT ${totals}`,
      `${customers} IO ${names}`,
      `${orders} IO ${names}`,
    ])
  })

  it('lets nothing flow into a target with an empty list of inputs', () => {
    const structureOf = toExplicitStructure({
      entries: [
        { ...dataset('totals'), inputs: [] },
        { ...dataset('names'), inputs: [] },
      ],
    })

    expect(toFlows(structureOf)).toEqual([])
    expect(structureOf.writes).toEqual([names, totals])
  })

  it('shows the sources of columns between the datasets as well', () => {
    const structureOf = toExplicitStructure({
      entries: [
        { ...dataset('totals'), fields: { total: { inputs: [{ ...dataset('orders'), field: 'amount' }] } } },
        {
          ...dataset('names'),
          inputs: [{ ...dataset('customers'), field: 'country', transformations: filter }],
        },
      ],
    })

    expect(toFlows(structureOf)).toEqual([`${orders} EXPLICIT ${totals}`, `${customers} EXPLICIT ${names}`])
    expect(structureOf.fieldFeeds).toMatchObject([
      { from: orders, fromField: 'amount', toField: 'total', type: 'DIRECT', derivation: 'EXPLICIT' },
    ])
    expect(structureOf.influences).toMatchObject([{ fromField: 'country', to: names, subtype: 'FILTER' }])
  })

  it('unites what several entries say of one target, each flow once', () => {
    const masked = [{ type: 'DIRECT', subtype: 'IDENTITY', masking: true }]
    const plain = [{ type: 'DIRECT', subtype: 'IDENTITY', description: 'as it is' }]
    const total = (transformations: typeof masked | typeof plain) => ({
      ...dataset('totals'),
      inputs: [dataset('orders')],
      fields: { total: { inputs: [{ ...dataset('orders'), field: 'amount', transformations }] } },
    })
    const structureOf = toExplicitStructure({ entries: [total(masked), total(plain)] })

    expect(structureOf.feeds.filter(({ to }) => to === totals)).toHaveLength(1)
    expect(structureOf.fieldFeeds).toMatchObject([{ masking: true, description: 'as it is' }])
  })

  it('lets jobs feed datasets, datasets jobs, and jobs each other', () => {
    const other = { type: 'JOB', namespace: 'jobs', name: 'fetch' }
    const structureOf = toExplicitStructure({
      entries: [
        { ...dataset('totals'), inputs: [other] },
        {
          ...other,
          inputs: [
            { ...dataset('orders'), field: 'amount' },
            { ...other, name: 'first' },
          ],
        },
      ],
    })

    const ends = structureOf.mixedFeeds.map(({ from, to }) => [from.entity, from.field, to.entity])
    expect(ends).toEqual([
      ['["jobs","fetch"]', undefined, totals],
      [orders, undefined, '["jobs","fetch"]'],
      [orders, 'amount', '["jobs","fetch"]'],
      ['["jobs","first"]', undefined, '["jobs","fetch"]'],
    ])
  })

  it('takes a job without a name as the own one, and shows how it makes a column', () => {
    const sum = [{ type: 'DIRECT', subtype: 'AGGREGATION', description: 'sum()' }]
    const structureOf = toExplicitStructure({
      entries: [
        {
          ...dataset('totals'),
          inputs: [],
          fields: { total: { inputs: [{ type: 'JOB', transformations: sum }] } },
        },
        { type: 'JOB', inputs: [dataset('orders'), { ...dataset('customers'), transformations: filter }] },
      ],
    })

    expect(structureOf.mixedFeeds).toMatchObject([
      { from: { entity: job }, to: { entity: totals, field: 'total' }, subtype: 'AGGREGATION' },
      { from: { entity: customers }, to: { entity: job }, subtype: 'FILTER' },
    ])
  })

  it('keeps a source whose column is not known at the column that it feeds', () => {
    const structureOf = toExplicitStructure({
      entries: [{ ...dataset('totals'), fields: { region: { inputs: [dataset('regions')] } } }],
    })

    expect(structureOf.mixedFeeds).toMatchObject([
      { from: { kind: 'DATASET', entity: '["db","regions"]' }, to: { entity: totals, field: 'region' } },
    ])
    expect(toFlows(structureOf)).toContain(`["db","regions"] EXPLICIT ${totals}`)
  })
})

describe('toDeclaredStructure', () => {
  it('leads into the dataset, without a job', () => {
    const lineage = toDatasetLineage(totals, { inputs: [dataset('orders')] })
    const declared = toDeclaredStructure(totals, lineage?.content)

    expect(toFlows(declared)).toEqual([`${orders} EXPLICIT ${totals}`])
    expect([...declared.reads, ...declared.writes]).toEqual([])
  })

  it('takes column lineage likewise', () => {
    expect(toFlows(toDeclaredStructure(totals, columnLineage))).toEqual([
      `${orders} COLUMN ${totals}`,
      `["db","rates"] COLUMN ${totals}`,
    ])
  })
})
