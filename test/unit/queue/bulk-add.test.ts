import { addInBulk, type BulkAddOptions } from '../../../src/queue/bulk-add.ts'
import { QueueFull, QueueUnavailable } from '../../../src/queue/queue-errors.ts'
import type { QueuedEvent } from '../../../src/queue/queued-event.ts'
import { aQueuedEvent, manyQueuedEvents } from '../../support/queued-events.ts'

const never = new AbortController().signal

describe('addInBulk', () => {
  it('adds every event, in full jobs and in order', async () => {
    const { jobs, options } = aLane({ jobEventsMax: 4 })
    const events = manyQueuedEvents(10)

    const outcomes = await addInBulk(events, never, options)

    expect(outcomes).toEqual(Array(10).fill(undefined))
    expect(jobs).toEqual([events.slice(0, 4), events.slice(4, 8), events.slice(8)])
  })

  it('adds nothing where there is nothing', async () => {
    const { jobs, options } = aLane()

    expect(await addInBulk([], never, options)).toEqual([])
    expect(jobs).toEqual([])
  })

  it('cuts jobs by their bytes, and gives a large event one of its own', async () => {
    const { jobs, options } = aLane({ jobBytesMax: 100 })
    const sized = [60, 60, 30, 500, 10, 10].map((size, index) =>
      aQueuedEvent(`event ${index}`, { payload: 'x'.repeat(size), bytes: size }),
    )

    await addInBulk(sized, never, options)

    expect(jobs.map((job) => job.map(({ bytes }) => bytes))).toEqual([[60], [60, 30], [500], [10, 10]])
  })

  it('sends a few jobs at a time, so that others come in between', async () => {
    const { options } = aLane({ jobEventsMax: 1 })
    let open = 0
    let openMax = 0
    const write = async () => {
      open += 1
      openMax = Math.max(openMax, open)
      await new Promise((resolve) => setImmediate(resolve))
      open -= 1
    }
    const events = Array.from({ length: 9 }, (_, index) =>
      aQueuedEvent(`event ${index}`, { payload: 'x'.repeat(700_000) }),
    )

    await addInBulk(events, never, { ...options, jobBytesMax: 1_000_000, write })

    expect(openMax).toBe(2)
  })

  it('tells which events are not queued where a job fails, and tries no more behind it', async () => {
    const { jobs, options } = aLane({ jobEventsMax: 2, jobBytesMax: 2_000_000 })
    const events = Array.from({ length: 10 }, (_, index) =>
      aQueuedEvent(`event ${index}`, { payload: 'x'.repeat(600_000) }),
    )
    const write = async (job: QueuedEvent[]) => {
      if (job.some(({ id }) => id === events[2]?.id)) throw new Error('connection lost')
      await options.write(job)
    }

    const outcomes = await addInBulk(events, never, { ...options, write })

    expect(outcomes.map((outcome) => outcome?.message)).toEqual([
      ...Array(2).fill(undefined),
      ...Array(8).fill('connection lost'),
    ])
    expect(jobs).toEqual([events.slice(0, 2)])
  })

  it('stops at the high-water mark', async () => {
    const { options } = aLane({ jobEventsMax: 1 })
    let added = 0
    const gauge = {
      refuseWhenFull: () => {
        if (added >= 3) throw new QueueFull('3 events wait')
      },
      countAdded: () => {
        added += 1
      },
    }
    const events = Array.from({ length: 6 }, (_, index) =>
      aQueuedEvent(`event ${index}`, { payload: 'x'.repeat(3_000_000) }),
    )

    const outcomes = await addInBulk(events, never, { ...options, gauge })

    expect(outcomes.map((outcome) => outcome instanceof QueueFull)).toEqual([
      ...Array(3).fill(false),
      ...Array(3).fill(true),
    ])
  })

  it('tells what is not known to be queued once it is told to stop', async () => {
    const stop = new AbortController()
    const { jobs, options } = aLane({ jobEventsMax: 1, jobBytesMax: 4_000_000 })
    const events = Array.from({ length: 4 }, (_, index) =>
      aQueuedEvent(`event ${index}`, { payload: 'x'.repeat(3_000_000) }),
    )
    const write = async (job: QueuedEvent[]) => {
      if (jobs.length === 2) {
        stop.abort()
        await new Promise(() => {})
      }
      await options.write(job)
    }

    const outcomes = await addInBulk(events, stop.signal, { ...options, write })

    expect(outcomes.map((outcome) => outcome instanceof QueueUnavailable)).toEqual([false, false, true, true])
  })

  it('adds nothing where it is too late from the start', async () => {
    const { jobs, options } = aLane()

    const outcomes = await addInBulk(manyQueuedEvents(3), AbortSignal.abort(), options)

    expect(outcomes.every((outcome) => outcome instanceof QueueUnavailable)).toBe(true)
    expect(jobs).toEqual([])
  })
})

function aLane(changes: Partial<BulkAddOptions> = {}): { jobs: QueuedEvent[][]; options: BulkAddOptions } {
  const jobs: QueuedEvent[][] = []
  const options: BulkAddOptions = {
    write: async (job) => {
      await Promise.resolve()
      jobs.push(job)
    },
    isLarge: ({ bytes }) => bytes > 400,
    jobEventsMax: 100,
    jobBytesMax: 1_000_000,
    gauge: { refuseWhenFull: () => {}, countAdded: () => {} },
    toQueueError: (error) =>
      error instanceof QueueFull
        ? error
        : new QueueUnavailable(error instanceof Error ? error.message : String(error)),
    ...changes,
  }
  return { jobs, options }
}
