import { dropStructuralNulls } from '../../../src/openlineage/structural-nulls.ts'

describe('dropStructuralNulls', () => {
  it('drops nulls of the event, its parts, its lists and its facets maps', () => {
    const event = {
      eventType: null,
      eventTime: 't',
      run: { runId: 'r', facets: { a: null, b: { c: null } } },
      job: { namespace: 'n', name: 'j', facets: null },
      dataset: null,
      inputs: [
        null,
        { name: 'i', namespace: null, facets: { a: null }, inputFacets: { a: null, b: 1 } },
        null,
      ],
      outputs: [{ name: 'o', outputFacets: { a: null }, inputFacets: { a: null } }],
    }
    const before = structuredClone(event)

    expect(dropStructuralNulls(event)).toEqual({
      eventTime: 't',
      run: { runId: 'r', facets: { b: { c: null } } },
      job: { namespace: 'n', name: 'j' },
      inputs: [{ name: 'i', facets: {}, inputFacets: { b: 1 } }],
      outputs: [{ name: 'o', outputFacets: {}, inputFacets: { a: null } }],
    })
    expect(event).toEqual(before)
  })

  it('gives back the event itself where there is nothing to drop', () => {
    const event = {
      run: { runId: 'r', facets: { a: { b: null } } },
      job: { name: 'j', tags: [null] },
      inputs: [{ name: 'i', facets: {}, inputFacets: {} }],
      outputs: [],
      other: { a: null },
    }

    expect(dropStructuralNulls(event)).toBe(event)
  })

  it('copies only what changes', () => {
    const event = { run: { runId: 'r' }, inputs: [{ name: 'i' }, { name: null }] }
    const cleaned = dropStructuralNulls(event)

    expect(cleaned).toEqual({ run: { runId: 'r' }, inputs: [{ name: 'i' }, {}] })
    expect(cleaned).toHaveProperty('run', event.run)
    expect(JSON.stringify(event)).toContain('null')
  })

  it.each([null, undefined, 'text', 5, [null], [{ run: null }]])('leaves what is no object: %j', (value) => {
    expect(dropStructuralNulls(value)).toBe(value)
  })

  it.each([
    { run: 'text', inputs: {}, outputs: 'o' },
    { run: [null], job: 5, inputs: ['text', [null]] },
  ])('leaves what has another shape to the validator: %j', (value) => {
    expect(dropStructuralNulls(value)).toBe(value)
  })

  it('keeps keys that have a meaning in JavaScript', () => {
    const event: unknown = JSON.parse(
      '{"__proto__":{"run":1},"job":{"facets":{"__proto__":{"a":1},"b":null}},"c":null}',
    )

    expect(JSON.stringify(dropStructuralNulls(event))).toBe(
      '{"__proto__":{"run":1},"job":{"facets":{"__proto__":{"a":1}}}}',
    )
  })

  it('is the same done twice', () => {
    const once = dropStructuralNulls({ job: null, inputs: [null, { facets: { a: null } }] })

    expect(dropStructuralNulls(once)).toBe(once)
  })
})
