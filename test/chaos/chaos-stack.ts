import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../../src/local/ports.ts'
import { createChaosNeo4j, type ChaosNeo4j } from './chaos-neo4j.ts'
import { createChaosRedis } from './chaos-redis.ts'
import { createChaosRoles } from './chaos-roles.ts'
import { startLyingDoor } from './lying-door.ts'
import type { ManagedProcess } from './managed-process.ts'
import { buildClockLibrary, createClock, type ShiftedClock } from './shifted-clock.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

export type ProcessName = 'receiver' | 'worker 1' | 'worker 2' | 'redis' | 'neo4j'
export type LinkName = 'client to receiver' | 'receiver to Redis' | 'workers to Redis' | 'workers to Neo4j'
export type ClockName = 'receiver' | 'workers' | 'redis' | 'neo4j'

/** A fault that somebody plants to see the suite find it. */
export type Plant = 'early-201' | 'no-aof' | undefined

/** Everything that Headwater is made of, each part a process that can be harmed. */
export interface ChaosStack {
  /** Where the client sends. */
  url: string
  /** Past proxies and plants. */
  receiverUrl: string
  /** Past the proxies, for who wants to know how it is. */
  healthUrls: readonly string[]
  redisUrl: string
  neo4j: ChaosNeo4j
  prefix: string
  /** Without `neo4j` where the graph is shared with other tests. */
  processes: ReadonlyMap<ProcessName, ManagedProcess>
  links: Record<LinkName, TcpProxy>
  /** Those that could be mounted. */
  disks: Partial<Record<'redis' | 'neo4j', SmallDisk>>
  clocks: Record<ClockName, ShiftedClock>
  canShiftClocks: boolean
  /** Ends it; without `keepLogs` nothing is left of it. */
  remove(how: { keepLogs: boolean }): Promise<void>
}

export interface ChaosStackOptions {
  /** The graph that all tests share, or undefined for one of the suite's own. */
  sharedNeo4j: Omit<ChaosNeo4j, 'process'> | undefined
  plant: Plant
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const redisDiskMb = 192
/** Its logs of transactions take most of it: four of 256 MiB, and one of the system's database. */
const neo4jDiskMb = 2560

export async function startChaosStack({ sharedNeo4j, plant }: ChaosStackOptions): Promise<ChaosStack> {
  await mkdir(join(root, '.headwater-test'), { recursive: true })
  const dir = await mkdtemp(join(root, '.headwater-test', 'chaos-'))
  const isOwnGraph = sharedNeo4j === undefined
  // Only where Neo4j is ours: the share that every run of the tests has shall mount nothing.
  const disks = isOwnGraph ? await mountDisks(dir) : {}
  const library = await buildClockLibrary(dir)
  const clocks = await createClocks(dir, library)
  const neo4j = isOwnGraph
    ? await createChaosNeo4j(join(dir, 'neo4j'), clocks.neo4j.env)
    : { ...sharedNeo4j, process: undefined }
  const redisPort = await findFreePort()
  const receiverPort = await findFreePort()
  const lyingDoor = plant === 'early-201' ? await startLyingDoor(receiverPort) : undefined
  const links = {
    'client to receiver': await startTcpProxy(lyingDoor?.port ?? receiverPort),
    'receiver to Redis': await startTcpProxy(redisPort),
    'workers to Redis': await startTcpProxy(redisPort),
    'workers to Neo4j': await startTcpProxy(neo4j.port),
  }
  const prefix = `chaos-${redisPort}`
  const redisDir = join(dir, 'redis')
  await mkdir(redisDir, { recursive: true })
  const redis = createChaosRedis({
    dir: redisDir,
    port: redisPort,
    logPath: join(dir, 'redis.log'),
    env: clocks.redis.env,
    keepsFile: plant !== 'no-aof',
  })
  const roles = await createChaosRoles({ dir, prefix, neo4j, links, clocks, receiverPort })
  const processes = new Map<ProcessName, ManagedProcess>([
    ['redis', redis],
    ...(neo4j.process === undefined ? [] : [['neo4j', neo4j.process] as const]),
    ...roles.processes,
  ])
  const remove = async ({ keepLogs }: { keepLogs: boolean }) => {
    await Promise.all([...processes.values()].map(async (one) => await one.remove()))
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, onStop)
    for (const link of Object.values(links)) link.close()
    lyingDoor?.close()
    for (const disk of Object.values(disks)) await disk.remove()
    if (!keepLogs) await rm(dir, { recursive: true, force: true })
  }
  // Whoever stops the suite stops all that it has started, and unmounts its disks.
  const onStop = () => void remove({ keepLogs: false }).finally(() => process.exit(1))
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, onStop)
  try {
    await Promise.all([...processes.values()].map(async (one) => await one.start()))
  } catch (error) {
    await remove({ keepLogs: true })
    throw error
  }
  return {
    url: `http://127.0.0.1:${links['client to receiver'].port}`,
    receiverUrl: `http://127.0.0.1:${receiverPort}`,
    healthUrls: roles.healthUrls,
    redisUrl: `redis://127.0.0.1:${redisPort}`,
    neo4j,
    prefix,
    processes,
    links,
    disks,
    clocks,
    canShiftClocks: library !== undefined,
    remove,
  }
}

async function mountDisks(dir: string): Promise<ChaosStack['disks']> {
  const redis = await mountSmallDisk(join(dir, 'redis'), redisDiskMb)
  // Its data alone: what it writes of itself into logs shall tell what was.
  const neo4j = await mountSmallDisk(join(dir, 'neo4j', 'neo4j', 'data'), neo4jDiskMb)
  return { ...(redis !== undefined && { redis }), ...(neo4j !== undefined && { neo4j }) }
}

async function createClocks(dir: string, library: string | undefined): Promise<ChaosStack['clocks']> {
  const create = async (name: ClockName) => await createClock(library, join(dir, `${name}.clock`))
  return {
    receiver: await create('receiver'),
    workers: await create('workers'),
    redis: await create('redis'),
    neo4j: await create('neo4j'),
  }
}
