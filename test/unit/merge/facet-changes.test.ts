import type { Facets } from '../../../src/openlineage/events.ts'
import { toFacetChanges, type StoredFacets } from '../../../src/merge/facet-changes.ts'
import { toFacetRegisters } from '../../../src/project/facet-registers.ts'
import { aFacet } from '../../support/events.ts'

const nothing: StoredFacets = { facetClocks: undefined, facetsOther: undefined }

function said(minute: number, facets: Facets, standing: { isForwarded?: true } = {}) {
  const time = `2026-11-22T10:0${minute}:00.000000000Z`
  const statement = { time, rank: 0, producer: 'p', event: `event${minute}`, clock: '' }
  return toFacetRegisters(
    { facets, where: 'job', pointer: '#/job/facets', broken: new Set(), ...standing },
    { ...statement, facetBytesMax: 200 },
  )
}

/** What a node has after some statements, one merge each. */
function after(...statements: ReturnType<typeof said>[]): Record<string, unknown> {
  const node: Record<string, unknown> = {}
  for (const statement of statements) {
    const stored = {
      facetClocks: node['facetClocks'] as string | undefined,
      facetsOther: (node['facets_other'] ?? undefined) as string | undefined,
    }
    Object.assign(node, toFacetChanges(stored, statement).properties)
  }
  return node
}

describe('toFacetChanges', () => {
  const [first, second] = [aFacet({ description: 'first' }), aFacet({ description: 'second' })]

  it('keeps the newest statement of each key, in any order', () => {
    const [a, b] = [said(1, { documentation: first }), said(2, { documentation: second })]

    expect(after(a, b)).toEqual(after(b, a))
    expect(after(b, a)['facet_documentation']).toBe(JSON.stringify(second))
  })

  it('moves the clock of a facet that says the same again, so that what came between does not win', () => {
    const [a1, b2, a3] = [
      said(1, { documentation: first }),
      said(2, { documentation: second }),
      said(3, { documentation: first }),
    ]

    expect(after(a1, a3, b2)['facet_documentation']).toBe(JSON.stringify(first))
    expect(after(a1, a3, b2)).toEqual(after(b2, a3, a1))
    expect(
      toFacetChanges({ ...nothing, facetClocks: after(a1)['facetClocks'] as string }, a3).changed.size,
    ).toBe(0)
  })

  it('keeps strangers together, in one order', () => {
    const [a, b] = [said(1, { zebra: aFacet({ n: 1 }) }), said(2, { ant: aFacet({ n: 2 }) })]

    expect(after(a, b)).toEqual(after(b, a))
    expect(Object.keys(JSON.parse(String(after(a, b)['facets_other'])) as object)).toEqual(['ant', 'zebra'])
  })

  it('takes a deleted facet away, and does not let an older statement bring it back', () => {
    const [a, gone] = [said(1, { documentation: first }), said(2, { documentation: { _deleted: true } })]

    expect(after(a, gone)['facet_documentation']).toBeNull()
    expect(after(gone, a)['facet_documentation']).toBeNull()
  })

  it('keeps the thing’s own word over what others forward of it, whatever the clock', () => {
    const own = said(1, { documentation: first })
    const forwarded = said(2, { documentation: second }, { isForwarded: true })

    expect(after(own, forwarded)).toEqual(after(forwarded, own))
    expect(after(own, forwarded)['facet_documentation']).toBe(JSON.stringify(first))
    expect(after(forwarded)['facet_documentation']).toBe(JSON.stringify(second))
  })

  it('keeps the newest of what is forwarded', () => {
    const older = said(1, { documentation: first }, { isForwarded: true })
    const newer = said(2, { documentation: second }, { isForwarded: true })

    expect(after(newer, older)['facet_documentation']).toBe(JSON.stringify(second))
    expect(after(newer, older)).toEqual(after(older, newer))
  })

  it('tells which facets the node had before', () => {
    const stored = {
      ...nothing,
      facetClocks: after(said(1, { documentation: first }))['facetClocks'] as string,
    }

    const { known, newer } = toFacetChanges(stored, said(2, { documentation: first, stranger: second }))

    expect([...newer.keys()]).toEqual(['documentation', 'stranger'])
    expect([...known]).toEqual(['documentation'])
  })

  it('marks a facet that is too large, and leaves it in its event', () => {
    const large = after(said(1, { documentation: aFacet({ description: 'x'.repeat(500) }) }))

    expect(large['facet_documentation']).toBeNull()
    expect(String(large['facetClocks'])).toContain('omittedBytes')
  })

  it('is not fooled by a facet called __proto__', () => {
    const facets = JSON.parse('{"__proto__": {"_producer": "p", "_schemaURL": "s", "n": 1}}') as Facets

    expect(String(after(said(1, facets))['facets_other'])).toContain('"__proto__"')
  })
})
