import fc from 'fast-check'
import { toCanonicalJson } from '../../../src/openlineage/canonical-json.ts'
import { toEntityKey } from '../../../src/openlineage/keys.ts'
import { emptyRun, joinRuns, type AccumulatedRun } from '../../../src/project/accumulated-run.ts'
import { decodeRun } from '../../../src/project/decode-run.ts'
import { encodeRun } from '../../../src/project/encode-run.ts'
import { emptyFacts } from '../../../src/project/facts.ts'
import { projectEvent } from '../../../src/project/project-event.ts'
import { aFacet, aRunEvent, aSchema, fixtureEvents, received } from '../../support/events.ts'
import { readOldTexts } from '../../support/graph-fixture.ts'
import { toReversed } from '../../support/to-reversed.ts'

/** Few, so that moments meet. */
const anInstant = fc
  .integer({ min: 0, max: 3 })
  .map((minute) => `2026-11-22T10:0${minute}:00.00000000${minute}Z`)
const aClock = fc
  .tuple(anInstant, fc.integer({ min: 0, max: 3 }), fc.constantFrom('1528f2d0a93e', '96579b9c29e6'))
  .map((parts) => parts.join('|'))
const aText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('__proto__', '7', '","', '\\', '"],["'),
)
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const aRegister = <T>(value: fc.Arbitrary<T>) => maybe(fc.record({ clock: aClock, value }))
const aClaim = <T>(value: fc.Arbitrary<T>) =>
  maybe(fc.record({ standing: fc.nat({ max: 3 }), clock: aClock, value }))
const each = <T>(value: fc.Arbitrary<T>) => fc.dictionary(aText, value, { maxKeys: 3 })
const sideFacets = each(fc.record({ clock: aClock, value: aText }))
const datasets = <T>(dataset: fc.Arbitrary<T>) =>
  fc.dictionary(fc.record({ namespace: aText, name: aText }).map(toEntityKey), dataset, { maxKeys: 4 })
const nullable = fc.option(aText, { nil: null })
const own = { processingType: aRegister(aText), user: aClaim(aText), error: aClaim(aText) }

const aRun: fc.Arbitrary<AccumulatedRun> = fc.record({
  ...own,
  job: aClaim(fc.record({ namespace: aText, name: aText })),
  parent: aClaim(aText),
  root: aClaim(aText),
  first: maybe(anInstant),
  last: maybe(anInstant),
  start: maybe(anInstant),
  ends: fc.record({ COMPLETE: maybe(anInstant), ABORT: maybe(anInstant), FAIL: maybe(anInstant) }),
  newest: aRegister(fc.constantFrom('START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL')),
  sql: aRegister(aText),
  source: aClaim(aText),
  lineage: maybe(each(fc.constant(true))),
  forwarded: maybe(fc.record(own)),
  inputs: datasets(
    fc.record({ at: anInstant, versions: each(aClock), schema: aRegister(nullable), facets: sideFacets }),
  ),
  outputs: datasets(
    fc.record({
      at: anInstant,
      version: aRegister(nullable),
      schema: aRegister(nullable),
      columnLineage: aRegister(nullable),
      change: aRegister(nullable),
      renamedFrom: aRegister(aText),
      facets: sideFacets,
    }),
  ),
})

const start = '2026-11-22T10:00:00Z'
const end = '2026-11-22T10:05:00Z'

const dataset = (name: string) => ({
  namespace: 'postgres://warehouse.example:5432',
  name: `dwh.stg.${name}`,
  facets: aSchema(`${name}_id`, 'amount'),
})

/** What a run has said by its end: four datasets read, one written. */
function aTypicalRun(): AccumulatedRun {
  const job = {
    namespace: 'warehouse',
    name: 'dag_0001.load_orders',
    facets: {
      jobType: aFacet({ processingType: 'BATCH', integration: 'SPARK' }),
      sql: aFacet({ query: 'SELECT 1' }),
    },
  }
  const inputs = ['orders', 'customers', 'stores', 'prices'].map(dataset)
  const outputs = [dataset('daily_orders')]
  const parent = aFacet({
    run: { runId: '01a2043f-874b-7c7f-8370-8edc845368d4' },
    job: { namespace: 'warehouse', name: 'dag_0001' },
  })
  const run = { runId: '01a2043f-874b-7c7f-8370-8edc845368d3', facets: { parent } }
  const facts = emptyFacts()
  for (const [eventType, eventTime] of [
    ['START', start],
    ['COMPLETE', end],
  ] as const)
    projectEvent(facts, received(aRunEvent({ eventType, eventTime, run, job, inputs, outputs })), {
      facetBytesMax: 262_144,
    })
  const fact = facts.runs.get(run.runId)
  if (fact === undefined) throw new Error('the run has said nothing')
  return fact.said
}

describe('encodeRun', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(aRun, (run) => {
        expect(toCanonicalJson(decodeRun(encodeRun(run)))).toBe(toCanonicalJson(run))
      }),
    )
    expect(decodeRun(encodeRun(emptyRun()))).toEqual(emptyRun())
    expect(decodeRun(undefined)).toEqual(emptyRun())
  })

  it('gives equal runs equal texts', () => {
    fc.assert(
      fc.property(aRun, (run) => {
        expect(encodeRun(toReversed(run))).toBe(encodeRun(run))
        expect(encodeRun(decodeRun(encodeRun(run)))).toBe(encodeRun(run))
      }),
    )
  })

  it('names each moment by its place, and leaves out what is absent', () => {
    const clock = '2026-11-22T10:05:00.000000000Z|3|1528f2d0a93e'
    const [first, last] = ['2026-11-22T10:00:00.000000000Z', '2026-11-22T10:05:00.000000000Z']
    const schema = { clock, value: 'a' }
    const run: AccumulatedRun = {
      job: { standing: 3, clock, value: { namespace: 'jobs', name: 'load' } },
      newest: { clock, value: 'COMPLETE' },
      first,
      last,
      start: first,
      ends: { COMPLETE: last },
      inputs: {
        [toEntityKey({ namespace: 'db', name: 'orders' })]: { at: first, schema, facets: {}, versions: {} },
        [toEntityKey({ namespace: 'db', name: 'prices' })]: { at: last, facets: {}, versions: { v7: clock } },
      },
      outputs: {
        [toEntityKey({ namespace: 'lake', name: 'daily' })]: {
          at: first,
          change: { clock, value: 'CREATE' },
          facets: {},
        },
      },
    }

    expect(JSON.parse(encodeRun(run))).toEqual([
      [clock, first],
      {
        job: [3, 0, 'jobs', 'load'],
        newest: [0, 'COMPLETE'],
        first: 1,
        last: 0,
        start: 1,
        ends: { COMPLETE: 0 },
        inputs: [
          [
            'db',
            [
              ['orders', 1, [0, 'a']],
              ['prices', 0, 0, 0, { v7: 0 }],
            ],
          ],
        ],
        outputs: [['lake', [['daily', 1, 0, 0, 0, 0, [0, 'CREATE']]]]],
      },
    ])
  })

  it('takes less than half of what the run’s own JSON would', () => {
    const run = aTypicalRun()

    expect(Object.keys(run.inputs)).toHaveLength(4)
    expect(encodeRun(run).length).toBeLessThan(toCanonicalJson(run).length * 0.45)
  })
})

describe('decodeRun, of what a version before migration 19 wrote', () => {
  it('reads any run', () => {
    fc.assert(
      fc.property(aRun, (run) => {
        expect(encodeRun(decodeRun(toCanonicalJson(run)))).toBe(encodeRun(run))
      }),
    )
  })

  it('reads the runs of a graph that it has left', async () => {
    const texts = await readOldTexts('accumulated')

    expect(texts.length).toBeGreaterThan(20)
    for (const text of texts) {
      const run = decodeRun(text)
      expect(toCanonicalJson(decodeRun(encodeRun(run)))).toBe(text)
      expect(encodeRun(joinRuns(run, emptyRun()))).toBe(encodeRun(run))
    }
  })
})

describe('decodeRun', () => {
  it('refuses a text that is not whole', () => {
    expect(() => decodeRun('[[],{"first":0}]')).toThrow(RangeError)
  })

  it('reads what real producers have said', () => {
    const facts = emptyFacts()
    for (const event of fixtureEvents()) projectEvent(facts, event, { facetBytesMax: 262_144 })

    for (const { said } of facts.runs.values())
      expect(toCanonicalJson(decodeRun(encodeRun(said)))).toBe(toCanonicalJson(said))
  })
})
