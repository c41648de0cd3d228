import fc from 'fast-check'
import {
  decodeRun,
  emptyRun,
  encodeRun,
  joinRuns,
  type AccumulatedRun,
} from '../../../src/project/accumulated-run.ts'
import { emptyFacts } from '../../../src/project/facts.ts'
import { projectEvent } from '../../../src/project/project-event.ts'
import { fixtureEvents } from '../../support/events.ts'

/** What each single event of the fixtures says of one run, so that real statements are joined. */
const said: AccumulatedRun[] = fixtureEvents('spark/iceberg_merge', 'airflow/etl_with_datasets').flatMap(
  (event) => {
    const facts = emptyFacts()
    projectEvent(facts, event, { facetBytesMax: 262_144 })
    return [...facts.runs.values()].map((run) => run.said)
  },
)
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

describe('encodeRun', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        expect(encodeRun(decodeRun(encodeRun(run)))).toBe(encodeRun(run))
      }),
    )
    expect(decodeRun(undefined)).toEqual(emptyRun())
  })
})
