import fc from 'fast-check'
import type { LineageEvent, RunEvent } from '../../src/openlineage/events.ts'
import { aDatasetEvent, aJobEvent, aRunEvent } from '../support/events.ts'
import {
  datasetFacets,
  datasetName,
  eventTime,
  input,
  jobFacets,
  jobName,
  output,
  runFacets,
  runId,
} from './world.ts'

/*
 * Histories of the small world: runs that fail after they have completed, that change their job, their datasets and their code; schemas
 * that come and go; facets that are deleted and said again.
 */

const eventType = fc.constantFrom(
  'START',
  'RUNNING',
  'COMPLETE',
  'COMPLETE',
  'FAIL',
  'ABORT',
  'OTHER',
  undefined,
)
const job = fc
  .record({ name: jobName, facets: jobFacets })
  .map(({ name, facets }) => ({ namespace: 'jobs', name, facets }))
const datasets = {
  inputs: fc.array(input, { maxLength: 2 }),
  outputs: fc.array(output, { maxLength: 2 }),
}

const runEvent: fc.Arbitrary<RunEvent> = fc
  .record({ eventTime, eventType, runId, facets: runFacets, job, ...datasets })
  .map(({ runId: id, facets, eventType: type, ...said }) => {
    const { eventType: _, ...event } = aRunEvent({ ...said, run: { runId: id, facets } })
    return type === undefined ? event : { ...event, eventType: type }
  })

/** A run from start to end as producers tell it: one job, times in order, now and then an end after the end. */
const runStory: fc.Arbitrary<RunEvent[]> = fc
  .record({
    runId,
    facets: runFacets,
    job,
    types: fc.constantFrom<RunEvent['eventType'][][]>(
      ['START', 'COMPLETE'],
      ['START', 'RUNNING', 'COMPLETE'],
      ['COMPLETE'],
      ['START', 'COMPLETE', 'FAIL'],
      ['START', 'FAIL'],
      ['COMPLETE', 'START'],
    ),
    times: fc.array(eventTime, { minLength: 3, maxLength: 3 }),
    sides: fc.array(fc.record(datasets), { minLength: 3, maxLength: 3 }),
  })
  .map(({ runId: id, facets, job: toldJob, types, times, sides }) => {
    const inOrder = times.toSorted((a, b) => Date.parse(a) - Date.parse(b))
    return types.flatMap((type, index) => {
      const [time, side] = [inOrder[index], sides[index]]
      if (type === undefined || time === undefined || side === undefined) return []
      return [
        aRunEvent({ eventTime: time, eventType: type, run: { runId: id, facets }, job: toldJob, ...side }),
      ]
    })
  })

const datasetEvent = fc
  .record({ eventTime, dataset: datasetName, facets: datasetFacets })
  .map(({ eventTime: time, dataset, facets }) =>
    aDatasetEvent({ eventTime: time, dataset: { ...dataset, facets } }),
  )

const jobEvent = fc.record({ eventTime, job, ...datasets }).map((said) => aJobEvent(said))

/** Histories of a few events of all three kinds. */
export const anyHistory: fc.Arbitrary<LineageEvent[]> = fc
  .array(
    fc.oneof(
      { arbitrary: runStory, weight: 4 },
      { arbitrary: runEvent.map((event) => [event]), weight: 4 },
      { arbitrary: datasetEvent.map((event) => [event]), weight: 2 },
      { arbitrary: jobEvent.map((event) => [event]), weight: 2 },
    ),
    { minLength: 1, maxLength: 8, size: 'max' },
  )
  .map((parts): LineageEvent[] => parts.flat())
