import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import {
  connectDeadLetters,
  type DeadLetterFilter,
  type DeadLetters,
  type DeadLetterSummary,
  type ListOptions,
} from '../../src/queue/dead-letters.ts'
import { connectEventQueue, type EventQueue, type EventQueueOptions } from '../../src/queue/event-queue.ts'
import { startEventWorker, type EventWorker, type EventWorkerOptions } from '../../src/queue/event-worker.ts'
import { QueueFull, QueueUnavailable } from '../../src/queue/queue-errors.ts'
import type { Fault } from '../../src/queue/fault.ts'
import type { EventLabel, QueuedEvent } from '../../src/queue/queued-event.ts'
import { replaceDeadLetter, retryDeadLetter, sweepDeadLetters } from '../../src/queue/retry-dead-letters.ts'
import { eventually } from '../support/eventually.ts'
import { startOwnRedis, type OwnRedis } from '../support/own-redis.ts'
import { stallLimits } from '../support/queue-stall-limits.ts'
import { aQueuedEvent, manyQueuedEvents } from '../support/queued-events.ts'

const sharedUrl = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379'
const silent = pino({ level: 'silent' })

class Passing extends Error {}

/** What a test opens is closed behind it, the last first. */
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

describe('the queue', () => {
  it('merges what was added', async () => {
    const { queue, graph } = await aQueueWithWorker()
    const events = manyQueuedEvents(250)

    await addAll(queue, events)

    await eventually(() => graph.merged.size === 250)
    expect([...graph.merged.values()]).toEqual(expect.arrayContaining(events))
    await eventually(async () => (await queue.depth()).jobs === 0)
  })

  it('puts events that come together into fewer jobs, and counts the events', async () => {
    const { queue } = await aQueue()

    await addAll(queue, manyQueuedEvents(250))

    const { events, jobs } = await queue.depth()
    expect(events).toBe(250)
    expect(jobs).toBeLessThanOrEqual(4)
  })

  it('takes a repeat again and merges it without harm', async () => {
    const { queue, graph, deadLetters } = await aQueueWithWorker()
    const event = aQueuedEvent('twice')

    await addAll(queue, [event, event, event])

    await eventually(async () => (await queue.depth()).jobs === 0)
    expect([...graph.merged.keys()]).toEqual([event.id])
    expect(await deadLetters.count()).toBe(0)
  })

  it('does not hold up small events behind large ones', async () => {
    const { queue, graph, merges } = await aQueueWithWorker({ largeEventBytes: 1000 })
    const large = [1, 2, 3].map((count) => aQueuedEvent(`large ${count}`.padEnd(2000, '.')))
    const finish = merges.holdWhen((events) => events.some(({ bytes }) => bytes > 1000))

    await addAll(queue, large)
    await addAll(queue, manyQueuedEvents(150))

    await eventually(() => graph.merged.size === 150)
    expect((await queue.depth()).events).toBe(3)
    finish()
    await eventually(() => graph.merged.size === 153)
  })

  it('carries an event of 25 MB', async () => {
    const { queue, graph } = await aQueueWithWorker({ addMsMax: 10_000 })
    const rows = Array.from({ length: 100_000 }, (_, row) => `${randomUUID()} ${row} `.padEnd(256, 'column '))
    const event = aQueuedEvent(rows.join(''))

    await queue.add(event)

    await eventually(() => graph.merged.size === 1)
    expect(event.bytes).toBeGreaterThan(24 * 1024 * 1024)
    expect(graph.merged.get(event.id)).toEqual(event)
  })

  it('makes a dead letter of a poison event and merges the others', async () => {
    const { queue, graph, merges, deadLetters } = await aQueueWithWorker()
    const events = manyQueuedEvents(60)
    const poison = events[41]
    merges.failWhen((batch) => (batch.some(({ id }) => id === poison?.id) ? new Error('no run') : undefined))

    await addAll(queue, events)

    await eventually(async () => (await queue.depth()).jobs === 0)
    expect(graph.merged.size).toBe(59)
    const { letters } = await deadLetters.list({ limit: 10 })
    expect(letters).toMatchObject([{ id: poison?.id, reason: 'no run', attempts: 1 }])
    expect((await deadLetters.show(poison?.id ?? ''))?.event).toEqual(poison)
  })

  it('waits for passing trouble to pass', async () => {
    const { queue, graph, merges, deadLetters } = await aQueueWithWorker()
    let tries = 0
    merges.failWhen(() => ((tries += 1) <= 4 ? new Passing('the database is away') : undefined))

    await addAll(queue, manyQueuedEvents(10))

    await eventually(() => graph.merged.size === 10)
    expect(await deadLetters.count()).toBe(0)
  })

  it('takes many at once: full jobs, each event once, large ones in their own lane', async () => {
    const { queue, prefix } = await aQueue({ largeEventBytes: 1000 })
    const redis = open(new Redis(sharedUrl), (connection) => connection.disconnect())
    const large = open(
      new Queue('large-events', { connection: redis, prefix }),
      async (one) => await one.close(),
    )
    const events = manyQueuedEvents(1050)
    events[500] = aQueuedEvent('large'.padEnd(2000, '.'))

    const outcomes = await queue.addMany(events, new AbortController().signal)

    expect(outcomes).toEqual(Array(1050).fill(undefined))
    const { events: waiting, jobs } = await queue.depth()
    expect(waiting).toBe(1050)
    expect(jobs).toBe(12)
    expect(await large.getWaitingCount()).toBe(1)
  })

  it('merges each of many that were added at once', async () => {
    const { queue, graph } = await aQueueWithWorker()
    const events = manyQueuedEvents(2500)

    await queue.addMany(events, new AbortController().signal)

    await eventually(() => graph.merged.size === 2500)
    expect([...graph.merged.keys()].toSorted()).toEqual(events.map(({ id }) => id).toSorted())
  })

  it('refuses all of many above its high-water mark', async () => {
    const { queue } = await aQueue({ queueEventsMax: 20 })
    await addAll(queue, manyQueuedEvents(20))

    const outcomes = await queue.addMany(manyQueuedEvents(50, 'more'), new AbortController().signal)

    expect(outcomes.every((outcome) => outcome instanceof QueueFull)).toBe(true)
    expect((await queue.depth()).events).toBe(20)
  })

  it('refuses above its high-water mark until events were merged', async () => {
    const setup = await aQueue({ queueEventsMax: 20 })
    const { queue } = setup
    await addAll(queue, manyQueuedEvents(20))

    await expect(queue.add(aQueuedEvent('one more'))).rejects.toBeInstanceOf(QueueFull)

    await aWorker(setup)
    await eventually(async () => await isTaken(queue, aQueuedEvent('one more')))
  })

  it('leaves a job it cannot read for a person to look at, and goes on', async () => {
    const { queue, graph, prefix } = await aQueueWithWorker()
    const redis = open(new Redis(sharedUrl), (connection) => connection.disconnect())
    const lane = open(new Queue('events', { connection: redis, prefix }), async (one) => await one.close())

    await lane.add('events', { odd: true })
    await queue.add(aQueuedEvent('well'))

    await eventually(() => graph.merged.size === 1)
    await eventually(async () => (await lane.getFailedCount()) === 1)
    const [failed] = await lane.getFailed()
    expect(failed?.failedReason).toBe('the job does not carry queued events')
  })
})

describe('a worker that closes', () => {
  it('merges what it holds', async () => {
    const { queue, graph, merges, worker } = await aQueueWithWorker()
    const finish = merges.holdWhen(() => true)
    await addAll(queue, manyQueuedEvents(5))
    await eventually(() => merges.held() > 0)

    const closed = worker.close()
    setTimeout(finish, 200)
    await closed

    expect(graph.merged.size).toBeGreaterThan(0)
    const { events } = await queue.depth()
    expect(events + graph.merged.size).toBe(5)
  })

  it('gives back at once what meets passing trouble', async () => {
    const setup = await aQueueWithWorker({}, { shutdownMs: 10_000 })
    const { queue, merges, worker } = setup
    let tries = 0
    merges.failWhen(() => {
      tries += 1
      return new Passing('the database is away')
    })
    await addAll(queue, manyQueuedEvents(5))
    await eventually(() => tries > 3)

    const closeMs = await measureMs(async () => await worker.close())

    expect(closeMs).toBeLessThan(5000)
    expect((await queue.depth()).events).toBe(5)
    const { graph } = await aWorker(setup)
    // Sooner than a lock runs out: the events were given back, not left behind.
    await eventually(() => graph.merged.size === 5, { withinMs: 1500 })
  })

  it('leaves in time though a merge does not end, and loses nothing', async () => {
    const setup = await aQueueWithWorker({}, { shutdownMs: 200 })
    const { queue, merges, worker } = setup
    const finish = merges.holdWhen(() => true)
    await addAll(queue, manyQueuedEvents(5))
    await eventually(() => merges.held() > 0)

    const closeMs = await measureMs(async () => await worker.close())

    expect(closeMs).toBeLessThan(4000)
    const { graph } = await aWorker(setup)
    await eventually(() => graph.merged.size === 5)
    finish()
  })
})

describe('a worker that is killed', () => {
  it('loses nothing: another one merges what it held', async () => {
    const setup = await aQueue()
    const child = await aWorkerProcess(setup, { HANG: '1' })
    await addAll(setup.queue, manyQueuedEvents(30))
    await once(child.stdout ?? child, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')

    const { graph } = await aWorker(setup)

    await eventually(async () => (await setup.queue.depth()).jobs === 0)
    expect(graph.merged.size).toBe(30)
  })

  it('again and again by one event: that becomes a dead letter, the others are merged', async () => {
    const setup = await aQueue()
    const { queue, deadLetters, prefix } = setup
    const redis = open(new Redis(sharedUrl), (connection) => connection.disconnect())
    const events = manyQueuedEvents(12)
    const poison = events[5]
    await addAll(queue, events)
    let child: ChildProcess | undefined

    await eventually(
      async () => {
        const isGone = child === undefined || child.exitCode !== null || child.signalCode !== null
        if (isGone) child = await aWorkerProcess(setup, { POISON_ID: poison?.id ?? '' })
        return (await queue.depth()).jobs === 0
      },
      { withinMs: 50_000 },
    )

    const { letters } = await deadLetters.list({ limit: 10 })
    expect(letters).toMatchObject([
      { id: poison?.id, reason: 'The worker ended 1 times while it merged this event alone.' },
    ])
    expect(await redis.scard(`${prefix}:merged`)).toBe(11)
  })
})

describe('the queue without its Redis', () => {
  let own: OwnRedis
  beforeAll(async () => {
    own = await startOwnRedis()
  })
  afterAll(async () => {
    await own.remove()
  })

  it('says unavailable at once, takes events again when it is back, and has kept what it had', async () => {
    const { queue } = await aQueue({ redisUrl: own.url })
    await addAll(queue, manyQueuedEvents(50, 'before'))
    expect(await queue.isReady()).toBe(true)

    const adding = addUntilRefused(queue)
    await own.kill()
    const addedMeanwhile = await adding
    const refusedMs = await measureMs(async () => {
      await expect(queue.add(aQueuedEvent('away'))).rejects.toBeInstanceOf(QueueUnavailable)
    })

    expect(refusedMs).toBeLessThan(500)
    expect(await queue.isReady()).toBe(false)
    await own.start()
    await eventually(async () => await isTaken(queue, aQueuedEvent('back')))
    expect((await queue.depth()).events).toBeGreaterThanOrEqual(51 + addedMeanwhile)
  })

  it('says unavailable in time when Redis hangs', async () => {
    const { queue } = await aQueue({ redisUrl: own.url, addMsMax: 300 })
    own.freeze()

    const refusedMs = await measureMs(async () => {
      await expect(queue.add(aQueuedEvent('hangs'))).rejects.toBeInstanceOf(QueueUnavailable)
    })

    own.thaw()
    expect(refusedMs).toBeLessThan(1000)
    await eventually(async () => await isTaken(queue, aQueuedEvent('thawed')))
  })

  it('says of each of many at once that it is not queued when Redis goes away, and of none that it is', async () => {
    const { queue } = await aQueue({ redisUrl: own.url, addMsMax: 300 })
    await queue.addMany(manyQueuedEvents(100, 'many'), new AbortController().signal)
    const before = (await queue.depth()).events
    own.freeze()

    const hanging = await queue.addMany(manyQueuedEvents(1000, 'hanging'), new AbortController().signal)
    const late = await queue.addMany(manyQueuedEvents(10, 'late'), AbortSignal.timeout(50))

    own.thaw()
    expect(hanging).toHaveLength(1000)
    expect([...hanging, ...late].every((outcome) => outcome instanceof QueueUnavailable)).toBe(true)
    await eventually(async () => await isTaken(queue, aQueuedEvent('thawed again')))
    expect(before).toBeGreaterThanOrEqual(100)
  })

  it('merges on when Redis returns', async () => {
    const { queue, graph, merges } = await aQueueWithWorker({ redisUrl: own.url })
    const finish = merges.holdWhen(() => true)
    await addAll(queue, manyQueuedEvents(20))
    await eventually(() => merges.held() > 0)

    await own.kill()
    finish()
    await new Promise((resolve) => setTimeout(resolve, 1000))
    await own.start()

    await eventually(() => graph.merged.size === 20)
    await eventually(async () => await isTaken(queue, aQueuedEvent('later')))
    await eventually(async () => (await queue.depth()).jobs === 0)
    expect(graph.merged.size).toBe(21)
  })

  it('lets a worker close while Redis is away', async () => {
    const { worker } = await aQueueWithWorker({ redisUrl: own.url }, { shutdownMs: 300 })
    await own.kill()

    const closeMs = await measureMs(async () => await worker.close())

    await own.start()
    expect(closeMs).toBeLessThan(5000)
  })

  it('says full when Redis has no memory left', async () => {
    const { queue } = await aQueue({ redisUrl: own.url })
    await own.config('maxmemory', '1mb')

    await expect(queue.add(aQueuedEvent('no room'))).rejects.toBeInstanceOf(QueueFull)
    const many = await queue.addMany(manyQueuedEvents(300, 'no room'), new AbortController().signal)

    expect(many.every((outcome) => outcome instanceof QueueFull)).toBe(true)
    await own.config('maxmemory', '0')
    await eventually(async () => await isTaken(queue, aQueuedEvent('room')))
  })

  it('refuses a Redis that would throw events away, and warns of one that may lose them', async () => {
    const logged: string[] = []
    const log = pino({ level: 'warn' }, { write: (line) => logged.push(line) })
    await own.config('appendfsync', 'everysec')
    await aQueue({ redisUrl: own.url, log })
    await own.config('maxmemory-policy', 'allkeys-lru')
    await own.config('maxmemory', '100mb')

    await expect(aQueue({ redisUrl: own.url })).rejects.toThrow('Set maxmemory-policy noeviction.')

    expect(logged.join()).toContain('set appendfsync always')
    await own.config('maxmemory', '0')
    await own.config('maxmemory-policy', 'noeviction')
    await own.config('appendfsync', 'always')
  })

  it.each([
    {
      name: 'maxmemory-policy',
      value: 'allkeys-lru',
      well: 'noeviction',
      says: 'Set maxmemory-policy noeviction.',
    },
    { name: 'appendonly', value: 'no', well: 'yes', says: 'Set appendonly yes.' },
    { name: 'maxmemory', value: '600kb', well: '0', says: 'Raise maxmemory' },
  ])(
    'starts with a Redis whose $name is $value only where somebody insists',
    async ({ name, value, well, says }) => {
      const logged: string[] = []
      const log = pino({ level: 'warn' }, { write: (line) => logged.push(line) })
      const setup = await aQueue({ redisUrl: own.url })
      await own.config(name, value)

      await expect(aQueue({ redisUrl: own.url })).rejects.toThrow(says)
      await expect(aWorker(setup)).rejects.toThrow('REDIS_ANYWAY=1')
      const insisting = await aQueue({ redisUrl: own.url, redisAnyway: true, log })

      expect(logged.join()).toContain(says)
      await own.config(name, well)
      await eventually(async () => await isTaken(insisting.queue, aQueuedEvent('after all')))
    },
  )
})

describe('dead letters', () => {
  const fault: Fault = { kind: 'MERGE_FAILED', reason: 'no' }

  it('keep one letter an event, with its first and last time and its newest fault', async () => {
    const { deadLetters } = await aQueue()
    const event = aQueuedEvent('poison', { label })

    await deadLetters.add(event, fault)
    await deadLetters.add(event, { kind: 'EVENT_AHEAD', reason: 'ahead', pointer: '#/eventTime' })

    expect(await deadLetters.count()).toBe(1)
    const letter = await deadLetters.show(event.id)
    expect(letter).toEqual({
      id: event.id,
      event,
      kind: 'EVENT_AHEAD',
      reason: 'ahead',
      pointer: '#/eventTime',
      firstAt: expect.any(String),
      lastAt: expect.any(String),
      attempts: 2,
      bytes: event.bytes,
      label,
    })
    expect(letter?.firstAt.localeCompare(letter.lastAt)).toBeLessThanOrEqual(0)
  })

  it.each([true, false])('are listed page by page, each once, the newest first: %s', async (newestFirst) => {
    const { deadLetters } = await aQueue()
    const events = manyQueuedEvents(23)
    // At the same moment, so that many share their time.
    await Promise.all(events.map(async (event) => await deadLetters.add(event, fault)))
    await pause(5)
    const last = aQueuedEvent('last')
    await deadLetters.add(last, fault)

    const letters = await listAll(deadLetters, { limit: 5, newestFirst })

    expect(letters).toHaveLength(24)
    expect(new Set(letters.map(({ id }) => id))).toEqual(new Set([...events, last].map(({ id }) => id)))
    expect(letters.at(newestFirst ? 0 : -1)?.id).toBe(last.id)
  })

  it('are listed by producer, kind and time', async () => {
    const { deadLetters } = await aQueue()
    const spark = aQueuedEvent('spark', { label: { ...label, producer: 'https://e.x/integration/Spark' } })
    const airflow = aQueuedEvent('airflow', { label: { ...label, producer: 'https://e.x/airflow' } })
    const ahead = aQueuedEvent('ahead', { label: { ...label, producer: 'https://e.x/airflow' } })
    await deadLetters.add(spark, fault)
    await deadLetters.add(airflow, fault)
    await pause(5)
    const middle = new Date().toISOString()
    await deadLetters.add(ahead, { kind: 'EVENT_AHEAD', reason: 'ahead' })
    const idsOf = async (filter: DeadLetterFilter) =>
      (await listAll(deadLetters, { limit: 1, filter })).map(({ id }) => id)

    expect(await idsOf({ producer: 'integration/spark' })).toEqual([spark.id])
    expect(await idsOf({ producer: 'airflow', kind: 'EVENT_AHEAD' })).toEqual([ahead.id])
    expect(await idsOf({ from: middle })).toEqual([ahead.id])
    expect((await idsOf({ to: middle })).toSorted()).toEqual([spark.id, airflow.id].toSorted())
    expect(await idsOf({ producer: 'flink' })).toEqual([])
  })

  it('are found among thousands of others, however few match', async () => {
    const { deadLetters } = await aQueue()
    const events = manyQueuedEvents(2300)
    for (let start = 0; start < events.length; start += 500) {
      const some = events.slice(start, start + 500)
      await Promise.all(some.map(async (event) => await deadLetters.add(event, fault)))
    }
    await pause(5)
    const rare = aQueuedEvent('rare', { label: { ...label, producer: 'rare' } })
    await deadLetters.add(rare, fault)

    const first = await deadLetters.list({ limit: 10, filter: { producer: 'rare' } })
    const letters = await listAll(deadLetters, { limit: 10, filter: { producer: 'rare' } })

    expect(first.letters).toEqual([])
    expect(first.next).toBeDefined()
    expect(letters.map(({ id }) => id)).toEqual([rare.id])
  })

  it('are counted by kind and producer, whatever becomes of them', async () => {
    const { deadLetters, queue } = await aQueue()
    const events = manyQueuedEvents(5).map((event) => ({ ...event, label }))
    for (const event of events) await deadLetters.add(event, fault)
    await deadLetters.add(events[0] ?? aQueuedEvent(''), { kind: 'EVENT_AHEAD', reason: 'ahead' })
    await deadLetters.drop(events[1]?.id ?? '')
    await retryDeadLetter({ deadLetters, queue }, events[2]?.id ?? '')
    await deadLetters.drop(events[3]?.id ?? '', { attempts: 7 })

    const groups = await deadLetters.groups()

    expect(groups).toHaveLength(2)
    expect(groups).toEqual(
      expect.arrayContaining([
        { kind: 'EVENT_AHEAD', producer: label.producer, letters: 1 },
        { kind: 'MERGE_FAILED', producer: label.producer, letters: 2 },
      ]),
    )
    for (const { id } of events) await deadLetters.drop(id)
    expect(await deadLetters.groups()).toEqual([])
  })

  it('are found by the beginning of their id', async () => {
    const { deadLetters } = await aQueue()
    const events = manyQueuedEvents(40)
    await Promise.all(events.map(async (event) => await deadLetters.add(event, fault)))
    const id = events[7]?.id ?? ''

    expect(await deadLetters.find(id.slice(0, 16))).toEqual([id])
    expect(await deadLetters.find(id)).toEqual([id])
    expect((await deadLetters.find('')).length).toBeGreaterThan(1)
    expect(await deadLetters.find('not-hex')).toEqual([])
  })

  it('go back into the queue, one or all', async () => {
    const { deadLetters, queue, graph } = await aQueueWithWorker()
    const events = manyQueuedEvents(60)
    await Promise.all(events.map(async (event) => await deadLetters.add(event, fault)))
    const retry = async ({ id }: { id: string }) => await retryDeadLetter({ deadLetters, queue }, id)

    expect(await retry({ id: events[0]?.id ?? '' })).toBe(true)
    expect(await retry({ id: 'unknown' })).toBe(false)
    const first = await sweepDeadLetters({ deadLetters, filter: {}, lettersMax: 25, act: retry })
    const rest = await sweepDeadLetters({
      deadLetters,
      filter: {},
      lettersMax: 1000,
      cursor: first.next,
      act: retry,
    })

    expect([first.done, rest]).toEqual([25, { done: 34 }])
    expect(await deadLetters.count()).toBe(0)
    await eventually(() => graph.merged.size === 60)
  })

  it('are met once, though they fail again while they go back', async () => {
    const { deadLetters } = await aQueue()
    const events = manyQueuedEvents(30)
    await Promise.all(events.map(async (event) => await deadLetters.add(event, fault)))
    const to = new Date(Date.now() + 1).toISOString()
    await pause(5)
    const queue = { add: async (again: QueuedEvent) => await deadLetters.add(again, fault) }
    const act = async ({ id }: { id: string }) => {
      const wasThere = await retryDeadLetter({ deadLetters, queue }, id)
      await deadLetters.drop(id)
      await deadLetters.add(aQueuedEvent(`again ${id}`), fault)
      return wasThere
    }

    const sweep = await sweepDeadLetters({ deadLetters, filter: { to }, lettersMax: 1000, act })

    expect(sweep).toEqual({ done: 30 })
  })

  it('stay when the event fails again while it goes back', async () => {
    const { deadLetters } = await aQueue()
    const event = aQueuedEvent('poison')
    await deadLetters.add(event, fault)
    const queue = {
      add: async (again: QueuedEvent) => await deadLetters.add(again, { ...fault, reason: 'still no' }),
    }

    await retryDeadLetter({ deadLetters, queue }, event.id)

    expect(await deadLetters.show(event.id)).toMatchObject({ reason: 'still no', attempts: 2 })
  })

  it('stay when the queue does not take the event back', async () => {
    const { deadLetters } = await aQueue()
    const event = aQueuedEvent('poison')
    await deadLetters.add(event, fault)
    const queue = { add: async () => await Promise.reject(new QueueUnavailable('away')) }
    const edited = aQueuedEvent('edited')

    await expect(retryDeadLetter({ deadLetters, queue }, event.id)).rejects.toThrow('away')
    await expect(replaceDeadLetter({ deadLetters, queue }, { id: event.id, edited })).rejects.toThrow('away')

    expect(await deadLetters.show(event.id)).toMatchObject({ event, attempts: 1 })
  })

  it('are replaced by an edited event', async () => {
    const { deadLetters, queue, graph } = await aQueueWithWorker()
    const event = aQueuedEvent('poison')
    const edited = aQueuedEvent('remedy')
    await deadLetters.add(event, fault)

    expect(await replaceDeadLetter({ deadLetters, queue }, { id: event.id, edited })).toBe(true)
    expect(await replaceDeadLetter({ deadLetters, queue }, { id: event.id, edited })).toBe(false)

    expect(await deadLetters.count()).toBe(0)
    await eventually(() => graph.merged.size === 1)
    expect([...graph.merged.keys()]).toEqual([edited.id])
  })

  it('are dropped', async () => {
    const { deadLetters } = await aQueue()
    const event = aQueuedEvent('poison')
    await deadLetters.add(event, fault)

    expect(await deadLetters.drop(event.id)).toBe(true)
    expect(await deadLetters.drop(event.id)).toBe(false)

    expect(await deadLetters.show(event.id)).toBeUndefined()
    expect(await deadLetters.list({ limit: 10 })).toEqual({ letters: [] })
  })
})

const label: EventLabel = {
  producer: 'https://example.com/producer',
  subject: 'load (jobs)',
  eventTime: '2026-01-01T00:00:00Z',
  eventType: 'START',
}

async function listAll(deadLetters: DeadLetters, options: ListOptions): Promise<DeadLetterSummary[]> {
  const letters: DeadLetterSummary[] = []
  let cursor: string | undefined
  do {
    const page = await deadLetters.list({ ...options, cursor })
    letters.push(...page.letters)
    cursor = page.next
  } while (cursor !== undefined)
  return letters
}

interface Setup {
  redisUrl: string
  prefix: string
  queue: EventQueue
  deadLetters: DeadLetters
}

async function aQueue(changes: Partial<EventQueueOptions> = {}): Promise<Setup> {
  const prefix = `test-queue-${randomUUID()}`
  const redisUrl = changes.redisUrl ?? sharedUrl
  const options: EventQueueOptions = {
    redisUrl,
    prefix,
    jobEventsMax: 100,
    largeEventBytes: 1024 * 1024,
    queueEventsMax: 100_000,
    queueBytesMax: 1024 * 1024 * 1024,
    addMsMax: 1500,
    log: silent,
    ...changes,
  }
  const queue = open(await connectEventQueue(options), async (one) => await one.close())
  const deadLetters = open(await connectDeadLetters({ redisUrl, prefix, log: silent }), (one) => one.close())
  return { redisUrl, prefix, queue, deadLetters }
}

async function aQueueWithWorker(
  queueChanges: Partial<EventQueueOptions> = {},
  workerChanges: Partial<EventWorkerOptions> = {},
) {
  const setup = await aQueue(queueChanges)
  return { ...setup, ...(await aWorker(setup, workerChanges)) }
}

async function aWorker(
  { redisUrl, prefix, deadLetters }: Setup,
  changes: Partial<EventWorkerOptions> = {},
): Promise<{ worker: EventWorker; graph: Graph; merges: Merges }> {
  const graph: Graph = { merged: new Map() }
  const merges = someMerges(graph)
  const worker = await startEventWorker({
    redisUrl,
    prefix,
    concurrency: 8,
    mergeEventsMax: 50,
    mergeWriters: 2,
    merge: merges.merge,
    isPassing: (error) => error instanceof Passing,
    deadLetters,
    shutdownMs: 5000,
    log: silent,
    stallLimits,
    ...changes,
  })
  open(worker, async (one) => await one.close())
  return { worker, graph, merges }
}

interface Graph {
  merged: Map<string, QueuedEvent>
}

interface Merges {
  merge: (events: QueuedEvent[]) => Promise<void>
  failWhen: (toError: (events: QueuedEvent[]) => Error | undefined) => void
  /** Such merges do not end before the returned function is called. */
  holdWhen: (isHeld: (events: QueuedEvent[]) => boolean) => () => void
  held: () => number
}

function someMerges(graph: Graph): Merges {
  let toError: ((events: QueuedEvent[]) => Error | undefined) | undefined
  let isHeld: ((events: QueuedEvent[]) => boolean) | undefined
  const held: (() => void)[] = []
  return {
    async merge(events) {
      if (isHeld?.(events) === true) await new Promise<void>((resolve) => held.push(resolve))
      const error = toError?.(events)
      if (error !== undefined) throw error
      for (const event of events) graph.merged.set(event.id, event)
    },
    failWhen: (next) => {
      toError = next
    },
    holdWhen: (next) => {
      isHeld = next
      return () => {
        isHeld = undefined
        for (const finish of held.splice(0)) finish()
      }
    },
    held: () => held.length,
  }
}

async function aWorkerProcess(
  { redisUrl, prefix }: Setup,
  env: Record<string, string>,
): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', new URL('../support/queue-worker-process.ts', import.meta.url).pathname],
    {
      env: { ...process.env, NODE_OPTIONS: '', REDIS_URL: redisUrl, QUEUE_PREFIX: prefix, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  await once(child, 'spawn')
  open(child, async (one) => {
    if (one.exitCode !== null || one.signalCode !== null) return
    one.kill('SIGKILL')
    await once(one, 'exit')
  })
  return child
}

async function addAll(queue: EventQueue, events: readonly QueuedEvent[]): Promise<void> {
  await Promise.all(events.map(async (event) => await queue.add(event)))
}

/** Returns how many were taken before one was refused. */
async function addUntilRefused(queue: EventQueue): Promise<number> {
  for (let count = 0; ; count += 1) {
    const wasTaken = await isTaken(queue, aQueuedEvent(`meanwhile ${count}`))
    if (!wasTaken) return count
  }
}

async function isTaken(queue: EventQueue, event: QueuedEvent): Promise<boolean> {
  try {
    await queue.add(event)
    return true
  } catch {
    return false
  }
}

async function measureMs(task: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await task()
  return performance.now() - startedAt
}

function open<T>(thing: T, close: (thing: T) => unknown): T {
  closers.push(async () => await close(thing))
  return thing
}
