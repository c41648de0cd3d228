import type { Facets } from '../../../src/openlineage/events.ts'
import { NAME_BYTES_MAX, toEntityKey } from '../../../src/openlineage/keys.ts'
import { toFacetRegisters } from '../../../src/project/facet-registers.ts'
import { decodeLinks, encodeLinks, toLinkStatements } from '../../../src/project/identity-links.ts'
import { aFacet } from '../../support/events.ts'

const path = toEntityKey({ namespace: 's3://b', name: 'w/d.db/t' })
const table = toEntityKey({ namespace: 's3://b/w', name: 'd.t' })
const said = { time: '2026-11-22T10:00:00.000000000Z', rank: 0, producer: 'p', event: 'e', clock: '' }

function statements(facets: Facets, { facetBytesMax = 100_000, broken = new Set<string>() } = {}) {
  const registers = toFacetRegisters(
    { where: 'dataset', facets, pointer: '#/facets', broken },
    { ...said, facetBytesMax },
  )
  return toLinkStatements(path, registers)
}

function symlinks(...identifiers: { namespace: string; name: string; type: string }[]): Facets {
  return { symlinks: aFacet({ identifiers }) }
}

describe('the links that facets state', () => {
  it('are the whole set of symlinks, with their types', () => {
    const facets = symlinks({ namespace: 's3://b/w', name: 'd.t', type: 'table' })

    expect(statements(facets)).toEqual([
      {
        dataset: path,
        origin: 'SYMLINK',
        links: [{ kind: 'SAME_AS', from: path, to: table, source: 'SYMLINK', type: 'TABLE' }],
      },
    ])
  })

  it('are the same in whatever order a name comes with two types', () => {
    const [a, b] = ['LOCATION', 'TABLE'].map((type) => ({ namespace: 'n', name: 'x', type }))
    if (a === undefined || b === undefined) throw new Error('two identifiers were made')

    expect(statements(symlinks(a, b))).toEqual(statements(symlinks(b, a)))
    expect(statements(symlinks(a, b))[0]?.links).toHaveLength(1)
  })

  it('leave out names that can have no node, and the dataset itself', () => {
    const facets = symlinks(
      { namespace: '', name: 'x', type: 'TABLE' },
      { namespace: 'n', name: '', type: 'TABLE' },
      { namespace: 'n', name: 'x'.repeat(NAME_BYTES_MAX), type: 'TABLE' },
      { namespace: 's3://b', name: 'w/d.db/t', type: 'TABLE' },
    )

    expect(statements(facets)).toEqual([{ dataset: path, origin: 'SYMLINK', links: [] }])
  })

  it('name the table of the catalog', () => {
    const facets = {
      catalog: aFacet({ framework: 'hive', type: 'hive', name: 'default', warehouseUri: 's3a://b/w' }),
    }

    expect(statements(facets)).toEqual([
      {
        dataset: path,
        origin: 'CATALOG',
        links: [{ kind: 'SAME_AS', from: path, to: table, source: 'CATALOG', type: 'TABLE' }],
      },
    ])
  })

  it('are none in a facet that is deleted, breaks its schema, or is too large to keep', () => {
    const facets = symlinks({ namespace: 's3://b/w', name: 'd.t', type: 'TABLE' })
    const none = [{ dataset: path, origin: 'SYMLINK', links: [] }]

    expect(statements({ symlinks: { _deleted: true } })).toEqual(none)
    expect(statements(facets, { broken: new Set(['#/facets/symlinks']) })).toEqual(none)
    expect(statements(facets, { facetBytesMax: 10 })).toEqual(none)
  })

  it('are nothing at all where no such facet is stated', () => {
    expect(statements({ documentation: aFacet({ description: 'x' }) })).toEqual([])
  })
})

describe('the text of links', () => {
  const [one, two] = ['a', 'b'].map((to) => ({
    kind: 'SAME_AS' as const,
    to,
    source: 'SYMLINK',
    type: 'TABLE',
  }))
  if (one === undefined || two === undefined) throw new Error('two links were made')

  it('is the same in any order, and comes back', () => {
    const text = encodeLinks({ SYMLINK: [one, two], CATALOG: [] })

    expect(text).toBe(encodeLinks({ SYMLINK: [two, one] }))
    expect(decodeLinks(text ?? undefined)).toEqual({ SYMLINK: [one, two] })
  })

  it('is absent where there are none', () => {
    expect(encodeLinks({ SYMLINK: [], RULES: [] })).toBeNull()
    expect(decodeLinks(undefined)).toEqual({})
  })
})
