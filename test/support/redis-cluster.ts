import { eventually } from './eventually.ts'
import { openRedisServers, type RedisServer } from './redis-server.ts'

const slots = 16_384
const primaries = 3
const readyMsMax = 60_000
/** A node that says nothing for so long is voted out. */
const nodeTimeoutMs = 1500

/** A user as docs/security.md has it, who may touch names that begin with a brace. */
const user = { name: 'collector', password: 's3cr3t' }
const acl = '~{* +@all -@dangerous +info +config|get +client|list'

/** Three primaries with a replica each, for what must not be done to a Redis that all tests share. */
export interface RedisCluster {
  url: string
  servers: readonly RedisServer[]
  /** The server that holds a key now; undefined while nobody does. */
  primaryOf(key: string): Promise<RedisServer | undefined>
  replicaOf(key: string): Promise<RedisServer | undefined>
  remove(): Promise<void>
}

export async function startRedisCluster(): Promise<RedisCluster> {
  const group = await openRedisServers()
  try {
    const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', String(nodeTimeoutMs)]
    const userArgs = ['--user', user.name, 'on', `>${user.password}`, ...acl.split(' ')]
    const servers: RedisServer[] = []
    for (let count = 0; count < 2 * primaries; count += 1) {
      servers.push(await group.add([...args, '--repl-diskless-sync-delay', '0', ...userArgs]))
    }
    await join(servers)
    const nodes = servers.slice(0, primaries).map(({ port }) => `127.0.0.1:${port}`)
    return {
      url: `redis+cluster://${user.name}:${user.password}@${nodes.join(',')}`,
      servers,
      primaryOf: async (key) => (await findHolders(servers, key)).primary,
      replicaOf: async (key) => (await findHolders(servers, key)).replica,
      remove: async () => await group.remove(),
    }
  } catch (error) {
    await group.remove()
    throw error
  }
}

/** What `redis-cli --cluster create` does. */
async function join(servers: readonly RedisServer[]): Promise<void> {
  const [first, ...others] = servers
  if (first === undefined) return
  for (const [index, server] of servers.entries()) {
    await server.ask(async (redis) => await redis.cluster('SET-CONFIG-EPOCH', index + 1))
  }
  for (const [index, server] of servers.slice(0, primaries).entries()) {
    const start = Math.floor((index * slots) / primaries)
    const end = Math.floor(((index + 1) * slots) / primaries) - 1
    await server.ask(async (redis) => await redis.cluster('ADDSLOTSRANGE', start, end))
  }
  for (const server of others) {
    await server.ask(async (redis) => await redis.cluster('MEET', '127.0.0.1', first.port))
  }
  await eventually(
    async () => (await infos(servers)).every((info) => info.includes(`known_nodes:${servers.length}`)),
    {
      withinMs: readyMsMax,
    },
  )
  for (const [index, server] of servers.slice(primaries).entries()) {
    const id = await servers[index]?.ask(async (redis) => await redis.cluster('MYID'))
    await server.ask(async (redis) => await redis.cluster('REPLICATE', String(id)))
  }
  await eventually(async () => (await infos(servers)).every((info) => info.includes('cluster_state:ok')), {
    withinMs: readyMsMax,
  })
  for (const server of servers.slice(primaries)) {
    await eventually(
      async () => (await server.ask((redis) => redis.info('replication'))).includes('link_status:up'),
      {
        withinMs: readyMsMax,
      },
    )
  }
}

async function infos(servers: readonly RedisServer[]): Promise<string[]> {
  return await Promise.all(
    servers.map(async (server) => await server.ask(async (redis) => await redis.cluster('INFO'))),
  )
}

interface SelfView {
  server: RedisServer
  id: string
  /** Undefined for a primary. */
  primaryId: string | undefined
  slots: readonly [number, number][]
}

/** What each server that runs says of itself. One that has just come back may still take itself for a primary: it has the slots no more. */
async function findHolders(servers: readonly RedisServer[], key: string) {
  const running = servers.filter((server) => server.isRunning())
  const slot = (await running[0]?.ask(async (redis) => await redis.cluster('KEYSLOT', key))) ?? -1
  const views = await Promise.all(running.map(readSelfView))
  const primary = views.find(
    ({ primaryId, slots: held }) =>
      primaryId === undefined && held.some(([start, end]) => start <= slot && slot <= end),
  )
  const replica = primary && views.find(({ primaryId }) => primaryId === primary.id)
  return { primary: primary?.server, replica: replica?.server }
}

async function readSelfView(server: RedisServer): Promise<SelfView> {
  const nodes = await server.ask(async (redis) => String(await redis.cluster('NODES')))
  const line = nodes.split('\n').find((text) => text.includes('myself')) ?? ''
  const [id = '', , flags = '', primaryId, , , , , ...ranges] = line.trim().split(' ')
  const slotsHeld = ranges.map((range): [number, number] => {
    const [start = -1, end = start] = range.split('-').map(Number)
    return [start, end]
  })
  return { server, id, primaryId: flags.includes('slave') ? primaryId : undefined, slots: slotsHeld }
}
