import { randomUUID } from 'node:crypto'
import { connectDeadLetters } from '../../src/queue/dead-letters.ts'
import { connectEventQueue, type EventQueue } from '../../src/queue/event-queue.ts'
import { connectLaneControl } from '../../src/queue/lane-control.ts'
import { QueueUnavailable } from '../../src/queue/queue-errors.ts'
import { eventually } from '../support/eventually.ts'
import { silent } from '../support/graph.ts'
import { manyQueuedEvents } from '../support/queued-events.ts'
import { startRedisCluster, type RedisCluster } from '../support/redis-cluster.ts'
import { logsOf, startRole } from '../support/role-process.ts'
import { awaitMerged, createKiller, sendAll, toRunTexts } from '../support/under-load.ts'

const testMsMax = 1_200_000
const waitMsMax = 90_000
/** `npm run test:cluster` has more of both. */
const runs = Number(process.env['CLUSTER_RUNS'] ?? 150)
const kills = Number(process.env['CLUSTER_KILLS'] ?? 1)

let cluster: RedisCluster
beforeAll(async () => {
  cluster = await startRedisCluster()
}, testMsMax)
afterAll(async () => {
  await cluster.remove()
})

describe('the queue in a Redis Cluster', () => {
  it('adds, counts, pauses and keeps dead letters under one prefix in braces', async () => {
    const { place, queue, close } = await aQueue()
    const deadLetters = await connectDeadLetters(place)
    const lanes = await connectLaneControl(place)
    const events = manyQueuedEvents(250)

    const outcomes = await queue.addMany(events, new AbortController().signal)
    const { events: waiting, bytes } = await queue.depth()
    await lanes.pause()
    const paused = await lanes.paused()
    for (const event of events.slice(0, 3)) {
      await deadLetters.add(event, { kind: 'MERGE_FAILED', reason: 'none' })
    }
    const { letters } = await deadLetters.list({ limit: 10 })
    const isReady = await queue.isReady()
    await Promise.all([close(), lanes.close()])
    deadLetters.close()

    expect(outcomes.filter((outcome) => outcome !== undefined)).toEqual([])
    expect(waiting).toBe(250)
    expect(bytes).toBeGreaterThan(0)
    expect(paused).toHaveLength(3)
    expect(letters).toHaveLength(3)
    expect(isReady).toBe(true)
  })

  it('takes no event for good that its replica does not confirm', async () => {
    const { place, queue, close } = await aQueue()
    const replica = await cluster.replicaOf(place.prefix)
    const deadLetters = await connectDeadLetters({ ...place, replicasMin: 1, replicasMsMax: 300 })
    const [first, second, ...others] = manyQueuedEvents(30)
    if (first === undefined || second === undefined) throw new Error('no events')

    replica?.freeze()
    const alone = await toOutcome(queue.add(first))
    const together = await queue.addMany(others, new AbortController().signal)
    const letter = await toOutcome(deadLetters.add(first, { kind: 'MERGE_FAILED', reason: 'none' }))
    replica?.thaw()
    await eventually(async () => (await toOutcome(queue.add(second))) === undefined, { withinMs: waitMsMax })
    await close()
    deadLetters.close()

    expect(String(letter)).toContain('of 1 replicas only 0 had it')
    expect(String(alone)).toContain('of 1 replicas only 0 had it within 300 ms')
    expect(together.every((outcome) => outcome instanceof QueueUnavailable)).toBe(true)
  })

  it(
    'loses no accepted event, and merges each once, though its primary is killed under load',
    async () => {
      const prefix = `cluster-${randomUUID()}`
      const env = { REDIS_URL: cluster.url, QUEUE_PREFIX: prefix }
      const receivers = await Promise.all([0, 1].map(async () => await startRole('serve', env)))
      const workers = await Promise.all([0, 1, 2].map(async () => await startRole('work', env)))
      const texts = toRunTexts(prefix, runs)
      const killer = createKiller({
        kills,
        events: texts.length,
        kill: async () => await killPrimary(`{${prefix}}`),
      })

      const { ids, refusals } = await sendAll(texts, {
        urls: receivers.map(({ url }) => url),
        onAccepted: (accepted) => killer.onAccepted(accepted),
      })
      await killer.done()
      const merged = await awaitMerged(ids, { namespace: prefix, withinMs: waitMsMax * kills })
      await Promise.all([...receivers, ...workers].map(async (role) => await role.end()))

      expect(killer.killed()).toBe(kills)
      expect(refusals).toEqual({ 503: expect.any(Number) })
      expect(merged).toEqual({ events: texts.length, ids: texts.length, runs, versions: runs })
      expect(logsOf([...receivers, ...workers])).not.toMatch(/"level":"(?:error|fatal)"/)
    },
    testMsMax,
  )
})

async function aQueue(): Promise<{
  place: { redisUrl: string; prefix: string; log: typeof silent }
  queue: EventQueue
  close: () => Promise<void>
}> {
  const place = { redisUrl: cluster.url, prefix: `{${randomUUID()}}`, log: silent }
  const queue = await connectEventQueue({
    ...place,
    jobEventsMax: 100,
    largeEventBytes: 1024 * 1024,
    queueEventsMax: 100_000,
    queueBytesMax: 1024 * 1024 * 1024,
    replicasMin: 1,
    replicasMsMax: 300,
    addMsMax: 5000,
  })
  return { place, queue, close: async () => await queue.close() }
}

async function toOutcome(task: Promise<void>): Promise<unknown> {
  return await task.then(
    () => undefined,
    (error: unknown) => error,
  )
}

/** Ends the primary of the queue; once its replica has taken over, it comes back as the replica, as a supervisor would bring it back. */
async function killPrimary(key: string): Promise<void> {
  const killed = await cluster.primaryOf(key)
  if (killed === undefined) throw new Error('no primary')
  await killed.kill()
  await eventually(async () => (await cluster.primaryOf(key)) !== undefined, { withinMs: waitMsMax })
  await killed.start()
  await eventually(
    async () =>
      (await killed.ask(async (redis) => await redis.info('replication'))).includes('link_status:up'),
    { withinMs: waitMsMax },
  )
}
