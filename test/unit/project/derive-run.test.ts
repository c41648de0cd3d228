import type { EventType, Facets, RunEvent } from '../../../src/openlineage/events.ts'
import { deriveRun, type DerivedRun } from '../../../src/project/derive-run.ts'
import { toEntityKey } from '../../../src/openlineage/keys.ts'
import { emptyFacts } from '../../../src/project/facts.ts'
import { projectEvent } from '../../../src/project/project-event.ts'
import { aFacet, aRunEvent, aSchema, received } from '../../support/events.ts'

/** What follows from a run after these events, in this order. */
function derive(...events: RunEvent[]): DerivedRun {
  const facts = emptyFacts()
  for (const event of events) projectEvent(facts, received(event), { facetBytesMax: 262_144 })
  const runId = events[0]?.run.runId ?? ''
  const fact = facts.runs.get(runId)
  if (fact === undefined) throw new Error(`no run ${runId}`)
  return deriveRun(runId, fact.said)
}

function at(minute: number, eventType: EventType, said: Partial<RunEvent> = {}): RunEvent {
  return aRunEvent({ eventTime: `2026-11-22T10:${String(minute).padStart(2, '0')}:00Z`, eventType, ...said })
}

function version(datasetVersion: string): Facets {
  return { version: aFacet({ datasetVersion }) }
}

/** An output whose name was changed, from what is said here. */
function renamed(previousIdentifier: object): Partial<RunEvent> {
  const lifecycleStateChange = aFacet({ lifecycleStateChange: 'RENAME', ...previousIdentifier })
  return { outputs: [{ namespace: 'db', name: 'new', facets: { lifecycleStateChange } }] }
}

const streaming = {
  namespace: 'jobs',
  name: 'stream',
  facets: { jobType: aFacet({ processingType: 'STREAMING', integration: 'FLINK' }) },
}

describe('the state of a run', () => {
  it('stays FAIL when Spark says COMPLETE after it', () => {
    expect(derive(at(0, 'START'), at(1, 'FAIL'), at(2, 'COMPLETE'))).toMatchObject({
      state: 'FAIL',
      endedAt: '2026-11-22T10:02:00.000000000Z',
    })
  })

  it('is ABORT rather than COMPLETE', () => {
    expect(derive(at(2, 'COMPLETE'), at(1, 'ABORT')).state).toBe('ABORT')
  })

  it('stays ended when a late START or RUNNING arrives', () => {
    expect(derive(at(1, 'COMPLETE'), at(0, 'START'), at(2, 'RUNNING')).state).toBe('COMPLETE')
  })

  it('is OTHER only where nothing else was said', () => {
    expect(derive(at(0, 'OTHER')).state).toBe('OTHER')
    expect(derive(at(0, 'START'), at(1, 'OTHER')).state).toBe('START')
  })

  it('takes a missing eventType for OTHER', () => {
    const { eventType: _, ...event } = aRunEvent()

    expect(derive(event).state).toBe('OTHER')
  })

  it('is the newest one for a stream, which starts again', () => {
    const events = [at(0, 'START'), at(1, 'COMPLETE'), at(2, 'START')].map((event) => ({
      ...event,
      job: streaming,
    }))

    expect(derive(...events)).toMatchObject({ state: 'START', endedAt: undefined })
  })
})

describe('the times of a run', () => {
  it('start with the earliest START, or else the earliest event', () => {
    expect(derive(at(1, 'RUNNING'), at(3, 'COMPLETE')).startedAt).toBe('2026-11-22T10:01:00.000000000Z')
    expect(derive(at(1, 'RUNNING'), at(2, 'START')).startedAt).toBe('2026-11-22T10:02:00.000000000Z')
  })

  it('give the duration in milliseconds', () => {
    expect(derive(at(0, 'START'), at(2, 'COMPLETE')).durationMs).toBe(120_000)
  })
})

describe('the datasets of a run', () => {
  const orders = { namespace: 'db', name: 'orders' }

  it('accumulate over its events', () => {
    const run = derive(
      at(0, 'START', { inputs: [orders] }),
      at(1, 'COMPLETE', { outputs: [{ namespace: 'db', name: 'totals' }] }),
    )

    expect([...run.reads.keys()]).toEqual(['["db","orders"]'])
    expect([...run.produced.keys()]).toEqual(['["db","totals"]'])
  })

  it('are read in the oldest version that the run did not write itself', () => {
    const run = derive(
      at(0, 'START', { inputs: [{ ...orders, facets: version('7') }], outputs: [orders] }),
      at(1, 'COMPLETE', {
        inputs: [{ ...orders, facets: version('8') }],
        outputs: [{ ...orders, facets: version('8') }],
      }),
    )

    expect(run.reads.get('["db","orders"]')?.version).toBe('7')
    expect(run.produced.get('["db","orders"]')?.version).toBe('8')
  })

  it('make no version while the run has not completed, nor when it has failed', () => {
    const outputs = [orders]

    expect(derive(at(0, 'START', { outputs })).produced.size).toBe(0)
    expect(derive(at(0, 'START', { outputs }), at(1, 'FAIL'), at(2, 'COMPLETE')).produced.size).toBe(0)
    expect(derive(at(0, 'START', { outputs }), at(1, 'COMPLETE')).produced.size).toBe(1)
  })

  it('are appended to, assumed, where the producer does not say how it wrote', () => {
    const overwrite = { lifecycleStateChange: aFacet({ lifecycleStateChange: 'OVERWRITE' }) }

    const silent = derive(at(1, 'COMPLETE', { outputs: [orders] }))
    const explicit = derive(at(1, 'COMPLETE', { outputs: [{ ...orders, facets: overwrite }] }))

    expect([...silent.produced.values()]).toMatchObject([{ change: 'APPEND', assumed: true }])
    expect([...explicit.produced.values()]).toMatchObject([{ change: 'OVERWRITE', assumed: false }])
  })

  it('have no schema once dropped', () => {
    const drop = { lifecycleStateChange: aFacet({ lifecycleStateChange: 'DROP' }), ...aSchema('a') }

    const run = derive(at(1, 'COMPLETE', { outputs: [{ ...orders, facets: drop }] }))

    expect([...run.produced.values()]).toMatchObject([{ change: 'DROP', schema: undefined }])
  })
})

describe('the work of a run', () => {
  it('counts as a version of its job once it has completed', () => {
    expect(derive(at(0, 'START')).work?.version).toBeUndefined()
    expect(derive(at(0, 'START'), at(1, 'COMPLETE')).work?.version).toBeDefined()
    expect(derive(at(0, 'START'), at(1, 'COMPLETE'), at(1, 'FAIL')).work?.version).toBeUndefined()
  })

  it('counts for a stream while it is running', () => {
    expect(derive({ ...at(0, 'START'), job: streaming }).work?.version).toBeDefined()
  })

  it('is nobody’s while the job is "unknown"', () => {
    expect(derive(at(0, 'START', { job: { namespace: 'spark', name: 'unknown' } })).work).toBeUndefined()
  })

  it('belongs to the real name, whenever "unknown" was said', () => {
    const unknown = { namespace: 'spark', name: 'unknown' }
    const real = { namespace: 'spark', name: 'app' }

    expect(derive(at(0, 'START', { job: real }), at(5, 'RUNNING', { job: unknown })).job).toBe(
      '["spark","app"]',
    )
  })
})

describe('the renames of a run', () => {
  const former = renamed({ previousIdentifier: { namespace: 'db', name: 'old' } })

  it('tell the former name of what it has written', () => {
    expect([...derive(at(0, 'START', former), at(1, 'COMPLETE')).renames.values()]).toEqual([
      { from: toEntityKey({ namespace: 'db', name: 'old' }), at: '2026-11-22T10:01:00.000000000Z' },
    ])
  })

  it('are those of its newest facet, which may not say what the name was', () => {
    expect(derive(at(0, 'START', former), at(1, 'COMPLETE', renamed({}))).renames.size).toBe(0)
  })
})
