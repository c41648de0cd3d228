import { randomUUID } from 'node:crypto'
import { cypher } from '../../src/graph/cypher.ts'
import { connectDeadLetters } from '../../src/queue/dead-letters.ts'
import { connectEventQueue } from '../../src/queue/event-queue.ts'
import { connectLaneControl } from '../../src/queue/lane-control.ts'
import { eventually } from '../support/eventually.ts'
import { connectTestGraph, silent } from '../support/graph.ts'
import { manyQueuedEvents } from '../support/queued-events.ts'
import { startRedisCluster, type RedisCluster } from '../support/redis-cluster.ts'
import { startRole, type RoleProcess } from '../support/role-process.ts'
import { sendAll, toRunTexts } from '../support/stubborn-sender.ts'

const testMsMax = 180_000
const waitMsMax = 90_000
const runs = Number(process.env['CLUSTER_RUNS'] ?? 400)

let cluster: RedisCluster
beforeAll(async () => {
  cluster = await startRedisCluster()
}, testMsMax)
afterAll(async () => {
  await cluster.remove()
})

const countMerged = cypher`
  OPTIONAL MATCH (e:Event) WHERE e.id IN $ids
  WITH count(e) AS events, count(DISTINCT e.id) AS ids
  OPTIONAL MATCH (r:Run {jobNamespace: $namespace, state: 'COMPLETE'})-[:PRODUCED]->(v:DatasetVersion)
  RETURN events, ids, count(DISTINCT r) AS runs, count(v) AS versions
`

describe('the queue in a Redis Cluster', () => {
  it('adds, counts, pauses and keeps dead letters under one prefix in braces', async () => {
    const place = { redisUrl: cluster.url, prefix: `{${randomUUID()}}`, log: silent }
    const queue = await connectEventQueue({
      ...place,
      jobEventsMax: 100,
      largeEventBytes: 1024 * 1024,
      queueEventsMax: 100_000,
      queueBytesMax: 1024 * 1024 * 1024,
      replicasMin: 1,
      replicasMsMax: 1000,
      addMsMax: 5000,
    })
    const deadLetters = await connectDeadLetters(place)
    const lanes = await connectLaneControl(place)
    const events = manyQueuedEvents(250)

    const outcomes = await queue.addMany(events, new AbortController().signal)
    const { events: waiting, bytes } = await queue.depth()
    await lanes.pause()
    const paused = await lanes.paused()
    for (const event of events.slice(0, 3))
      await deadLetters.add(event, { kind: 'MERGE_FAILED', reason: 'none' })
    const { letters } = await deadLetters.list({ limit: 10 })
    const isReady = await queue.isReady()
    await Promise.all([queue.close(), lanes.close()])
    deadLetters.close()

    expect(outcomes.filter((outcome) => outcome !== undefined)).toEqual([])
    expect(waiting).toBe(250)
    expect(bytes).toBeGreaterThan(0)
    expect(paused).toHaveLength(3)
    expect(letters).toHaveLength(3)
    expect(isReady).toBe(true)
  })

  it(
    'loses no accepted event, and merges each once, though its primary is killed under load',
    async () => {
      const prefix = `cluster-${randomUUID()}`
      const env = { REDIS_URL: cluster.url, QUEUE_PREFIX: prefix }
      const receivers = await Promise.all([0, 1].map(async () => await startRole('serve', env)))
      const workers = await Promise.all([0, 1, 2].map(async () => await startRole('work', env)))
      const texts = toRunTexts(prefix, runs)
      const t0 = Date.now()
      process.stderr.write(`DEBUG start\n`)
      let failover: Promise<void> | undefined

      const { ids, refusals } = await sendAll(texts, {
        urls: receivers.map(({ url }) => url),
        onAccepted: (accepted) => {
          if (accepted >= texts.length / 3) failover ??= killPrimary(`{${prefix}}`)
        },
      })
      await failover
      process.stderr.write(`DEBUG sent ${Date.now()-t0} ${JSON.stringify(refusals)}\n`)
      const merged = await awaitMerged(ids, prefix)
      process.stderr.write(`DEBUG merged ${Date.now()-t0}\n`)
      await Promise.all([...receivers, ...workers].map(async (role) => await role.end()))

      process.stderr.write(`DEBUG ended ${Date.now()-t0}\n`)
      ;(await import('node:fs')).writeFileSync('/tmp/cluster-roles.log', logsOf([...receivers, ...workers]))
      expect(refusals).toEqual({ 503: expect.any(Number) })
      expect(merged).toEqual({ events: texts.length, ids: texts.length, runs, versions: runs })
      expect(logsOf([...receivers, ...workers])).not.toMatch(/"level":"(?:error|fatal)"/)
    },
    testMsMax,
  )
})

/** Ends the primary of the queue; once its replica has taken over, it comes back as the replica, as a supervisor would bring it back. */
async function killPrimary(key: string): Promise<void> {
  const killed = await cluster.primaryOf(key)
  await killed?.kill()
  const t1=Date.now(); process.stderr.write(`DEBUG killed\n`)
  await eventually(async () => (await cluster.primaryOf(key)) !== undefined, { withinMs: waitMsMax })
  process.stderr.write(`DEBUG failover ${Date.now()-t1}\n`)
  await killed?.start()
  process.stderr.write(`DEBUG back ${Date.now()-t1}\n`)
}

async function awaitMerged(ids: ReadonlySet<string>, namespace: string): Promise<unknown> {
  const graph = connectTestGraph()
  let merged: unknown
  const count = async () => {
    const [row] = await graph.inRead((tx) => tx.run(countMerged, { ids: [...ids], namespace }))
    merged = row
    return Number(row?.['ids']) >= ids.size
  }
  await eventually(count, { withinMs: waitMsMax }).catch(() => undefined)
  await graph.close()
  return merged
}

function logsOf(roles: readonly RoleProcess[]): string {
  return roles.map(({ said }) => said()).join('\n')
}
