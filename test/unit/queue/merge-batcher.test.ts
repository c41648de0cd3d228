import { jest } from '@jest/globals'
import { pino } from 'pino'
import { EventRejected } from '../../../src/queue/event-rejected.ts'
import type { Fault } from '../../../src/queue/fault.ts'
import { createMergeBatcher, type MergeBatcherOptions } from '../../../src/queue/merge-batcher.ts'
import { MergeAbandoned } from '../../../src/queue/merge-patiently.ts'
import type { QueuedEvent } from '../../../src/queue/queued-event.ts'
import { aQueuedEvent, manyQueuedEvents } from '../../support/queued-events.ts'

class Passing extends Error {}

/** Longer than a test may take: who waits for it to pass fails. */
const forLong = 600_000

describe('createMergeBatcher', () => {
  it('merges the events of several jobs in one batch while a writer is busy', async () => {
    const graph = aGraph()
    const batcher = createMergeBatcher(graph.options)

    await Promise.all([
      batcher.settle([aQueuedEvent('first')]),
      batcher.settle(manyQueuedEvents(2, 'second')),
      batcher.settle(manyQueuedEvents(3, 'third')),
    ])

    expect(graph.batches.map((batch) => batch.length)).toEqual([1, 5])
  })

  it('merges an event that comes alone at once, and lets those that follow wait for company', async () => {
    const graph = aGraph({ lingerMs: 20 })
    const batcher = createMergeBatcher(graph.options)

    await batcher.settle([aQueuedEvent('alone')])
    const merged = graph.batches.length
    const followers = [batcher.settle([aQueuedEvent('second')])]
    await new Promise((resolve) => setTimeout(resolve, 1))
    followers.push(batcher.settle([aQueuedEvent('third')]))
    await Promise.all(followers)

    expect(merged).toBe(1)
    expect(graph.batches.map((batch) => batch.length)).toEqual([1, 2])
  })

  it('waits no longer once a quarter of a batch is in the line', async () => {
    const graph = aGraph({ lingerMs: forLong, eventsMax: 8 })
    const batcher = createMergeBatcher(graph.options)

    await batcher.settle([aQueuedEvent('alone')])
    const second = batcher.settle([aQueuedEvent('second')])
    await Promise.all([second, batcher.settle([aQueuedEvent('third')])])

    expect(graph.batches.map((batch) => batch.length)).toEqual([1, 2])
    batcher.abandon()
  })

  it('waits for nobody when it is told to hurry', async () => {
    const graph = aGraph({ lingerMs: forLong })
    const batcher = createMergeBatcher(graph.options)

    await batcher.settle([aQueuedEvent('alone')])
    const second = batcher.settle([aQueuedEvent('second')])
    batcher.hurry()
    await second

    expect(graph.batches.map((batch) => batch.length)).toEqual([1, 1])
  })

  it('has the next batch got ready while one is merged, once it is full', async () => {
    const done: string[] = []
    const graph = aGraph({
      eventsMax: 2,
      prepare: (events) => done.push(`prepare ${events.length}`),
      merge: async (events) => {
        await new Promise((resolve) => setTimeout(resolve, 2))
        done.push(`merge ${events.length}`)
      },
    })
    const batcher = createMergeBatcher(graph.options)

    await Promise.all(['a', 'b', 'c', 'd'].map(async (text) => await batcher.settle([aQueuedEvent(text)])))

    // The first finds the writer free, the last one is no full batch.
    expect(done).toEqual(['prepare 2', 'merge 1', 'merge 2', 'merge 1'])
  })

  it('merges the very batch that it has got ready', async () => {
    const prepared: unknown[] = []
    const graph = aGraph({ eventsMax: 2, prepare: (events) => prepared.push(events) })
    const batcher = createMergeBatcher(graph.options)

    await batcher.settle(manyQueuedEvents(5))

    expect(graph.batches).toHaveLength(3)
    expect(prepared).toHaveLength(1)
    expect(graph.batches[1]).toBe(prepared[0])
  })

  it('hands back a batch that was got ready when it is abandoned', async () => {
    const graph = aGraph({ eventsMax: 1, prepare: () => {}, merge: () => new Promise(() => {}) })
    const batcher = createMergeBatcher(graph.options)
    void batcher.settle([aQueuedEvent('being merged')]).catch(() => {})
    const next = batcher.settle([aQueuedEvent('got ready')])

    batcher.abandon()

    await expect(next).rejects.toBeInstanceOf(MergeAbandoned)
  })

  it('keeps a batch within its limits of events and bytes', async () => {
    const graph = aGraph({ eventsMax: 3, bytesMax: 100 })
    const batcher = createMergeBatcher(graph.options)

    const small = ['a', 'b', 'c', 'd'].map((text) => aQueuedEvent(text, { bytes: 10 }))
    const large = ['e', 'f'].map((text) => aQueuedEvent(text, { bytes: 200 }))
    await batcher.settle([...small, ...large])

    expect(graph.batches.map((batch) => batch.map(({ bytes }) => bytes))).toEqual([
      [10, 10, 10],
      [10],
      [200],
      [200],
    ])
  })

  it('merges the same event once in a batch and tells both jobs', async () => {
    const graph = aGraph()
    const batcher = createMergeBatcher(graph.options)
    const event = aQueuedEvent('twice')

    await Promise.all([
      batcher.settle([aQueuedEvent('first')]),
      batcher.settle([event]),
      batcher.settle([event, event]),
    ])

    expect(graph.batches.map((batch) => batch.length)).toEqual([1, 1])
  })

  it('has no more batches under way than writers', async () => {
    let open = 0
    let mostOpen = 0
    const graph = aGraph({
      writers: 2,
      eventsMax: 1,
      merge: async () => {
        open += 1
        mostOpen = Math.max(mostOpen, open)
        await new Promise((resolve) => setTimeout(resolve, 2))
        open -= 1
      },
    })

    await Promise.all(manyQueuedEvents(6).map(async (event) => await graph.batcher().settle([event])))

    expect(mostOpen).toBe(2)
  })

  it('makes a dead letter of the one poison event and merges the others', async () => {
    const events = manyQueuedEvents(37)
    const poison = events[23]
    const graph = aGraph({
      merge: async (batch) => {
        if (batch.some(({ id }) => id === poison?.id)) throw new Error('the runId is no UUID')
        graph.batches.push(batch)
      },
    })

    await graph.batcher().settle(events)

    expect(graph.dead).toEqual([[poison?.id, 'the runId is no UUID']])
    expect(graph.faults).toEqual([{ kind: 'MERGE_FAILED', reason: 'the runId is no UUID' }])
    expect(new Set(graph.batches.flat())).toEqual(new Set(events.filter((event) => event !== poison)))
  })

  it('finds several poison events', async () => {
    const events = manyQueuedEvents(20)
    const poison = new Set([events[0], events[7], events[8], events[19]].map((event) => event?.id))
    const graph = aGraph({
      merge: async (batch) => {
        if (batch.some(({ id }) => poison.has(id))) throw new Error('no')
        graph.batches.push(batch)
      },
    })

    await graph.batcher().settle(events)

    expect(new Set(graph.dead.map(([id]) => id))).toEqual(poison)
    expect(graph.batches.flat()).toHaveLength(16)
  })

  it('merges the others at once when the merge names the events at fault', async () => {
    const events = manyQueuedEvents(10)
    const [, accused] = events
    let merges = 0
    const graph = aGraph({
      merge: async (batch) => {
        merges += 1
        if (accused === undefined || !batch.includes(accused)) return
        throw new EventRejected([
          {
            eventId: accused.id,
            kind: 'EVENT_AHEAD',
            reason: 'eventTime is 80 days ahead',
            pointer: '/eventTime',
          },
          { eventId: accused.id, kind: 'MERGE_FAILED', reason: 'namespace is empty' },
        ])
      },
    })

    await graph.batcher().settle(events)

    expect(graph.dead).toEqual([
      [accused?.id, 'eventTime is 80 days ahead (at /eventTime); namespace is empty'],
    ])
    expect(graph.faults).toMatchObject([{ kind: 'EVENT_AHEAD', pointer: '/eventTime' }])
    expect(merges).toBe(2)
  })

  it('halves the batch when the merge names events of another batch', async () => {
    const events = manyQueuedEvents(2)
    const graph = aGraph({
      merge: async () => {
        throw new EventRejected([{ eventId: 'unknown', kind: 'MERGE_FAILED', reason: 'no' }])
      },
    })

    await graph.batcher().settle(events)

    expect(graph.dead.map(([id]) => id)).toEqual(events.map(({ id }) => id))
  })

  describe('in passing trouble', () => {
    beforeEach(() => {
      jest.useFakeTimers()
    })
    afterEach(() => {
      jest.useRealTimers()
    })

    it('tries again with growing pauses for as long as it lasts', async () => {
      const tries: number[] = []
      const graph = aGraph({
        merge: async () => {
          tries.push(Date.now())
          if (tries.length < 30) throw new Passing('the database is away')
        },
      })

      const settled = graph.batcher().settle(manyQueuedEvents(1))
      await jest.advanceTimersByTimeAsync(30 * 10_000)
      await settled

      const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0))
      expect(pauses).toHaveLength(29)
      expect(pauses[0]).toBeLessThanOrEqual(100)
      expect(Math.min(...pauses.slice(10))).toBeGreaterThanOrEqual(5000)
      expect(Math.max(...pauses)).toBeLessThanOrEqual(10_000)
      expect(graph.dead).toEqual([])
    })

    it('merges everything after a long outage, which it did not ask more often for', async () => {
      let tries = 0
      let isAway = true
      const graph = aGraph({
        merge: async (batch) => {
          tries += 1
          if (isAway) throw new Passing('the database is away')
          graph.batches.push(batch)
        },
      })

      const settled = graph.batcher().settle(manyQueuedEvents(100))
      await jest.advanceTimersByTimeAsync(60 * 60_000)
      const triesAway = tries
      isAway = false
      await jest.advanceTimersByTimeAsync(10_000)
      await settled

      expect(triesAway).toBeLessThan((60 * 60_000) / 5000 + 20)
      expect(graph.batches.flat()).toHaveLength(100)
      expect(graph.batches.length).toBeLessThan(10)
      expect(graph.dead).toEqual([])
    })

    it('says so at the first time and then ever more rarely', async () => {
      let tries = 0
      const graph = aGraph({
        merge: async () => {
          tries += 1
          if (tries <= 100) throw new Passing('the database is away')
        },
      })

      const settled = graph.batcher().settle(manyQueuedEvents(1))
      await jest.advanceTimersByTimeAsync(101 * 10_000)
      await settled

      const warnings = graph.logged.filter(({ msg }) => msg === 'events met passing trouble, trying on')
      expect(warnings.map(({ attempts }) => attempts)).toEqual([1, 2, 4, 8, 16, 32, 64])
      expect(graph.logged.at(-1)).toMatchObject({ msg: 'events settled after retry', attempts: 101 })
    })

    it('tries a smaller batch after a while', async () => {
      const graph = aGraph({
        merge: async (batch) => {
          if (batch.length > 3) throw new Passing('no memory for so large a transaction')
          graph.batches.push(batch)
        },
      })

      const settled = graph.batcher().settle(manyQueuedEvents(10))
      await jest.advanceTimersByTimeAsync(5 * 60_000)
      await settled

      expect(graph.batches.map((batch) => batch.length)).toEqual([3, 2, 3, 2])
      expect(graph.dead).toEqual([])
    })

    it('tries a dead letter again that could not be kept', async () => {
      let tries = 0
      const graph = aGraph({
        merge: async () => {
          throw new Error('poison')
        },
        giveUp: async () => {
          tries += 1
          if (tries < 3) throw new Error('redis is away')
        },
      })

      const settled = graph.batcher().settle(manyQueuedEvents(1))
      await jest.advanceTimersByTimeAsync(1000)
      await settled

      expect(tries).toBe(3)
    })

    it('abandons the events when told to hurry, after a last try', async () => {
      let tries = 0
      const graph = aGraph({
        merge: async () => {
          tries += 1
          throw new Passing('the database is away')
        },
      })
      const batcher = graph.batcher()

      const settled = batcher.settle(manyQueuedEvents(1))
      const outcome = settled.catch((error: unknown) => error)
      await jest.advanceTimersByTimeAsync(60_000)
      const triesBefore = tries
      batcher.hurry()

      expect(await outcome).toBeInstanceOf(MergeAbandoned)
      expect(tries).toBe(triesBefore + 1)
      expect(jest.getTimerCount()).toBe(0)
    })
  })

  it('still merges what stands in the line when told to hurry', async () => {
    const graph = aGraph({ eventsMax: 1 })
    const batcher = graph.batcher()

    const settled = batcher.settle(manyQueuedEvents(3))
    batcher.hurry()
    await settled

    expect(graph.batches).toHaveLength(3)
  })

  it('abandons the line but not the batch under way', async () => {
    const graph = aGraph()
    const batcher = graph.batcher()

    const underWay = batcher.settle([aQueuedEvent('first')])
    const inLine = batcher.settle([aQueuedEvent('second')])
    batcher.abandon()

    await expect(inLine).rejects.toBeInstanceOf(MergeAbandoned)
    await underWay
    expect(graph.batches).toHaveLength(1)
  })

  it('goes on with the next batch after one was abandoned', async () => {
    let isAway = true
    const graph = aGraph({
      eventsMax: 1,
      merge: async () => {
        if (isAway) {
          isAway = false
          throw new Passing('the database is away')
        }
      },
    })
    const batcher = graph.batcher()
    batcher.hurry()

    const results = await Promise.allSettled(
      manyQueuedEvents(2).map(async (event) => await batcher.settle([event])),
    )

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  })
})

function aGraph(changes: Partial<MergeBatcherOptions> = {}) {
  const batches: QueuedEvent[][] = []
  const dead: [id: string, reason: string][] = []
  const faults: Fault[] = []
  const logged: Record<string, unknown>[] = []
  const options: MergeBatcherOptions = {
    merge: async (events) => {
      batches.push(events)
      await Promise.resolve()
    },
    isPassing: (error) => error instanceof Passing,
    giveUp: async (event, fault) => {
      dead.push([event.id, fault.reason])
      faults.push(fault)
      await Promise.resolve()
    },
    eventsMax: 100,
    bytesMax: 1_000_000,
    writers: 1,
    log: pino({ level: 'info' }, { write: (line) => logged.push(JSON.parse(line)) }),
    ...changes,
  }
  let batcher: ReturnType<typeof createMergeBatcher> | undefined
  return { batches, dead, faults, logged, options, batcher: () => (batcher ??= createMergeBatcher(options)) }
}
