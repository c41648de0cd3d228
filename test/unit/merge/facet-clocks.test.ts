import fc from 'fast-check'
import { decodeClocks, encodeClocks } from '../../../src/merge/facet-clocks.ts'
import { toCanonicalJson } from '../../../src/openlineage/canonical-json.ts'
import { toContentKey } from '../../../src/openlineage/keys.ts'
import type { FacetRegister, FacetRegisters } from '../../../src/project/facet-registers.ts'
import { readOldTexts } from '../../support/graph-fixture.ts'

const event = '1528f2d0a93e1e8818584961bc5500613aede1d9ee562cb382b18049b49b2659'
const producer = 'https://github.com/OpenLineage/OpenLineage/tree/1.45.0/integration/spark'

/** Few, so that statements meet; whatever a register may have, together. */
const aRegister: fc.Arbitrary<FacetRegister> = fc.record(
  {
    time: fc.constantFrom('2026-11-22T10:00:00.000000000Z', '2026-11-22T10:00:00.000000001Z'),
    rank: fc.integer({ min: 0, max: 3 }),
    producer: fc.constantFrom(producer, '","forwarded"'),
    event: fc.constantFrom(event, 'event2'),
    hash: fc.string(),
    deleted: fc.constant(true as const),
    forwarded: fc.constant(true as const),
    omittedBytes: fc.nat(),
  },
  { requiredKeys: ['time', 'rank', 'producer', 'event'] },
)
const aKey = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('__proto__', '7', 'jobType', 'sql', 'spark.logicalPlan'),
)
const registers = fc.array(fc.tuple(aKey, aRegister), { maxLength: 6 }).map((entries) => new Map(entries))

/** As versions before migration 19 wrote it. */
const encodeAsBefore = (of: FacetRegisters) => toCanonicalJson(Object.fromEntries(of))

const said = { time: '2026-11-22T10:00:00.000000000Z', rank: 3, producer, event }

describe('encodeClocks', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(registers, (of) => {
        expect(encodeAsBefore(decodeClocks(encodeClocks(of)))).toBe(encodeAsBefore(of))
        expect(decodeClocks(encodeClocks(of))).toEqual(of)
      }),
    )
    expect(decodeClocks(undefined)).toEqual(new Map())
  })

  it('gives equal registers equal texts', () => {
    fc.assert(
      fc.property(registers, (of) => {
        expect(encodeClocks(new Map([...of].toReversed()))).toBe(encodeClocks(of))
      }),
    )
  })

  it('leaves the facets themselves out', () => {
    const of: FacetRegisters = new Map([['sql', { ...said, hash: 'h', text: '{}', mayInterpret: true }]])

    expect(decodeClocks(encodeClocks(of))).toEqual(new Map([['sql', { ...said, hash: 'h' }]]))
  })

  it('says once what facets of one statement have in common', () => {
    const of: FacetRegisters = new Map([
      ['sql', { ...said, hash: 'a' }],
      ['jobType', { ...said, hash: 'b' }],
      ['tags', { ...said, deleted: true }],
      ['sourceCode', { ...said, hash: 'c', omittedBytes: 300_000 }],
      ['ownership', { ...said, hash: 'd', forwarded: true }],
      ['documentation', { ...said, rank: 0, hash: 'e' }],
    ])

    expect(JSON.parse(encodeClocks(of))).toEqual([
      [{ documentation: 'e' }, said.time, 0, event, producer],
      [
        { jobType: 'b', sourceCode: { hash: 'c', omittedBytes: 300_000 }, sql: 'a', tags: { deleted: true } },
        said.time,
        3,
        event,
        producer,
      ],
      [{ ownership: 'd' }, said.time, 3, event, producer, 'forwarded'],
    ])
  })

  it('takes about half of what it took', () => {
    const of = new Map(['jobType', 'sql'].map((key) => [key, { ...said, hash: toContentKey(key) }]))

    expect(encodeClocks(of).length).toBeLessThan(encodeAsBefore(of).length * 0.55)
  })
})

describe('decodeClocks, of what a version before migration 19 wrote', () => {
  it('reads any registers', () => {
    fc.assert(
      fc.property(registers, (of) => {
        expect(decodeClocks(encodeAsBefore(of))).toEqual(of)
      }),
    )
  })

  it('reads those of a graph that it has left', async () => {
    const texts = await readOldTexts('facetClocks')

    expect(texts.length).toBeGreaterThan(20)
    for (const text of texts)
      expect(encodeAsBefore(decodeClocks(encodeClocks(decodeClocks(text))))).toBe(text)
  })
})
