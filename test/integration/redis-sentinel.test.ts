import { randomUUID } from 'node:crypto'
import { eventually } from '../support/eventually.ts'
import { startWatchedRedis, type WatchedRedis } from '../support/redis-sentinel.ts'
import { logsOf, startRole } from '../support/role-process.ts'
import { awaitMerged, createKiller, sendAll, toRunTexts } from '../support/under-load.ts'

const testMsMax = 1_200_000
const waitMsMax = 90_000
/** `npm run test:cluster` has more of both. */
const runs = Number(process.env['CLUSTER_RUNS'] ?? 75)
const kills = Number(process.env['CLUSTER_KILLS'] ?? 1)
const password = 's3cr3t'

let watched: WatchedRedis
beforeAll(async () => {
  watched = await startWatchedRedis(password)
}, testMsMax)
afterAll(async () => {
  await watched.remove()
})

describe('the queue in a Redis that Sentinels watch', () => {
  it(
    'loses no accepted event, and merges each once, though the primary is killed under load',
    async () => {
      const namespace = `sentinel-${randomUUID()}`
      const env = { REDIS_URL: watched.url, QUEUE_PREFIX: namespace }
      const receiver = await startRole('serve', env)
      const worker = await startRole('work', env)
      const texts = toRunTexts(namespace, runs)
      const killer = createKiller({ kills, events: texts.length, kill: killPrimary })

      const { ids, refusals } = await sendAll(texts, {
        urls: [receiver.url],
        onAccepted: (accepted) => killer.onAccepted(accepted),
      })
      await killer.done()
      const merged = await awaitMerged(ids, { namespace, withinMs: waitMsMax * kills })
      await Promise.all([receiver.end(), worker.end()])

      expect(killer.killed()).toBe(kills)
      expect(refusals).toEqual({ 503: expect.any(Number) })
      expect(merged).toEqual({ events: texts.length, ids: texts.length, runs, versions: runs })
      expect(logsOf([receiver, worker])).not.toMatch(/"level":"(?:error|fatal)"/)
      expect(logsOf([receiver, worker])).not.toContain(password)
    },
    testMsMax,
  )
})

/** Ends the primary; once its replica has taken over, it comes back, and the Sentinels make it the replica. */
async function killPrimary(): Promise<void> {
  const killed = await watched.primary()
  await killed.kill()
  await eventually(async () => (await watched.primary()) !== killed, { withinMs: waitMsMax })
  await killed.start()
  await eventually(async () => await watched.isReplicaBack(), { withinMs: waitMsMax })
}
