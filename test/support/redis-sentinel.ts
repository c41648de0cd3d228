import { eventually } from './eventually.ts'
import { openRedisServers, type RedisServer } from './redis-server.ts'

const name = 'watched'
const sentinels = 3
const quorum = 2
const readyMsMax = 60_000
/** A primary that says nothing for so long is given up. */
const downAfterMs = 1000
const failoverMsMax = 3000

/** A primary with a replica, both behind a password, and Sentinels that let the replica take over. */
export interface WatchedRedis {
  url: string
  /** The server that the Sentinels name now. */
  primary(): Promise<RedisServer>
  /** Whether the other one of the two follows it. */
  isReplicaBack(): Promise<boolean>
  remove(): Promise<void>
}

export async function startWatchedRedis(password: string): Promise<WatchedRedis> {
  const group = await openRedisServers()
  try {
    const access = ['--requirepass', password, '--masterauth', password, '--repl-diskless-sync-delay', '0']
    const first = await group.add(access)
    const second = await group.add([...access, '--replicaof', `127.0.0.1 ${first.port}`])
    const lines = [
      `sentinel monitor ${name} 127.0.0.1 ${first.port} ${quorum}`,
      `sentinel auth-pass ${name} ${password}`,
      `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
      `sentinel failover-timeout ${name} ${failoverMsMax}`,
    ]
    const watchers: RedisServer[] = []
    for (let count = 0; count < sentinels; count += 1) watchers.push(await group.addSentinel(lines))
    await eventually(async () => (await Promise.all(watchers.map(knowsAll))).every(Boolean), {
      withinMs: readyMsMax,
    })
    const primary = async () => {
      const port = await watchers[0]?.ask(async (redis) => {
        const address = await redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)
        return Array.isArray(address) ? Number(address[1]) : 0
      })
      return port === first.port ? first : second
    }
    return {
      url: `redis+sentinel://:${password}@${watchers.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${name}`,
      primary,
      isReplicaBack: async () => {
        const info = await (await primary()).ask(async (redis) => await redis.info('replication'), password)
        return info.includes('state=online')
      },
      remove: async () => await group.remove(),
    }
  } catch (error) {
    await group.remove()
    throw error
  }
}

/** Whether a Sentinel knows the replica and the other Sentinels. */
async function knowsAll(watcher: RedisServer): Promise<boolean> {
  const info = await watcher.ask(async (redis) => await redis.info('sentinel'))
  return info.includes(`slaves=1,sentinels=${sentinels}`)
}
