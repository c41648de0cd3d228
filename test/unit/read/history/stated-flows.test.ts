import { noContent } from '../../../../src/read/entities/version-content.ts'
import { toFlows, toStatedSources } from '../../../../src/read/history/stated-flows.ts'

const [a, b, c] = ['a', 'b', 'c'].map((name) => JSON.stringify(['db', name]))

describe('the flows of a job', () => {
  it('are of every input into every other output', () => {
    const flows = toFlows(
      { ...noContent, inputs: [a ?? '', b ?? ''], outputs: [b ?? '', c ?? ''] },
      new Map(),
    )

    expect(flows.map(({ from, to }) => [from, to])).toEqual([
      [a, b],
      [a, c],
      [b, c],
    ])
  })

  it('are COLUMN where column lineage names the source, read or not', () => {
    const stated = toStatedSources(
      JSON.stringify({ fields: { x: [{ dataset: b, field: 'y' }] }, dataset: [] }),
    )
    const content = {
      ...noContent,
      inputs: [a ?? ''],
      outputs: [c ?? ''],
      columnLineage: new Map([[c ?? '', 'k']]),
    }

    expect(toFlows(content, new Map([['k', stated]]))).toEqual([
      { from: a, to: c, derivation: 'IO' },
      { from: b, to: c, derivation: 'COLUMN' },
    ])
  })

  it('are only the stated ones into what explicit lineage speaks of', () => {
    const stated = toStatedSources(
      JSON.stringify({
        target: { kind: 'DATASET', entity: c },
        sources: [
          { kind: 'DATASET', entity: b },
          { kind: 'JOB', entity: a },
        ],
        fields: {},
      }),
    )
    const content = { ...noContent, inputs: [a ?? ''], outputs: [c ?? ''], lineage: ['k'] }

    expect(toFlows(content, new Map([['k', stated]]))).toEqual([{ from: b, to: c, derivation: 'EXPLICIT' }])
  })
})
