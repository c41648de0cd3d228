import fc from 'fast-check'
import { emptyRun, joinRuns, type AccumulatedRun } from '../../../src/project/accumulated-run.ts'
import { decodeRun } from '../../../src/project/decode-run.ts'
import { encodeRun } from '../../../src/project/encode-run.ts'
import { emptyFacts } from '../../../src/project/facts.ts'
import { projectEvent } from '../../../src/project/project-event.ts'
import type { Facets } from '../../../src/openlineage/events.ts'
import { aFacet, aRunEvent, fixtureEvents, received } from '../../support/events.ts'

const error = (message: string) => ({ errorMessage: aFacet({ message, programmingLanguage: 'x' }) })
const jobType = (processingType: string) => ({ jobType: aFacet({ processingType, integration: 'X' }) })

/** A run that says of itself what it also forwards of another; both are of one runId, so that the two are joined. */
function forwarding(ofRun: Facets, ofJob: Facets): Facets {
  const run = { runId: 'r', facets: ofRun }
  return { parent: aFacet({ run, job: { namespace: 'jobs', name: 'load', facets: ofJob } }) }
}

const forwarded = [
  { ...error('own'), ...forwarding(error('told'), jobType('STREAMING')) },
  forwarding(error('told again'), jobType('BATCH')),
  forwarding({}, {}),
].map((facets, minute) =>
  received(aRunEvent({ eventTime: `2026-11-22T10:0${minute}:00Z`, run: { runId: 'r', facets } })),
)

/** What each single event of the fixtures says of one run, so that real statements are joined; and what is forwarded. */
const said: AccumulatedRun[] = [
  ...fixtureEvents('spark/iceberg_merge', 'airflow/etl_with_datasets'),
  ...forwarded,
].flatMap((event) => {
  const facts = emptyFacts()
  projectEvent(facts, event, { facetBytesMax: 262_144 })
  return [...facts.runs.values()].map((run) => run.said)
})
const anyRun = fc.constantFrom(...said)

describe('joinRuns', () => {
  it('does not mind the order', () => {
    fc.assert(
      fc.property(anyRun, anyRun, (a, b) => {
        expect(encodeRun(joinRuns(a, b))).toBe(encodeRun(joinRuns(b, a)))
      }),
    )
  })

  it('does not mind the grouping', () => {
    fc.assert(
      fc.property(anyRun, anyRun, anyRun, (a, b, c) => {
        expect(encodeRun(joinRuns(joinRuns(a, b), c))).toBe(encodeRun(joinRuns(a, joinRuns(b, c))))
      }),
    )
  })

  it('does not mind repeats', () => {
    fc.assert(
      fc.property(anyRun, anyRun, (a, b) => {
        const joined = joinRuns(a, b)
        expect(encodeRun(joinRuns(joined, b))).toBe(encodeRun(joined))
      }),
    )
  })
})

const aRun = (facts: Partial<AccumulatedRun>): AccumulatedRun => ({ ...emptyRun(), ...facts })

const claim = (clock: string, value: string) => ({ standing: 1, clock, value })

describe('joinRuns, of a run out of its text', () => {
  it('does not mind', () => {
    fc.assert(
      fc.property(anyRun, anyRun, (a, b) => {
        expect(encodeRun(joinRuns(decodeRun(encodeRun(a)), b))).toBe(encodeRun(joinRuns(a, b)))
      }),
    )
  })
})

describe('what is forwarded of a run', () => {
  it('is dropped for what the run says itself, and kept for the rest', () => {
    const told = aRun({ forwarded: { error: claim('2', 'told'), user: claim('2', 'ann') } })
    const own = aRun({ error: claim('1', 'own') })

    expect(joinRuns(told, own)).toMatchObject({
      error: { value: 'own' },
      forwarded: { user: { value: 'ann' } },
    })
    expect(joinRuns(told, own).forwarded?.error).toBeUndefined()
    expect(joinRuns(aRun({ forwarded: { error: claim('2', 'told') } }), own).forwarded).toBeUndefined()
  })
})
