import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { ChildPlan } from './child.ts'
import type { Connection } from './connection-file.ts'
import type { DataDir } from './data-dir.ts'
import { nextStartBytesMin, requireDiskSpace } from './disk-space.ts'
import type { Environment } from './find-program.ts'
import { findJava } from './java.ts'
import { keepRunning, type KeptChild } from './keep-running.ts'
import { readMemoryBytes, toNeo4jMemory } from './memory.ts'
import { prepareNeo4j } from './neo4j-home.ts'
import { neo4jVersion, provideNeo4jJars } from './neo4j-jars.ts'
import { requireFreePorts, type WantedPort } from './ports.ts'
import { isNeo4jReady, isRedisReady } from './probes.ts'
import { provideRedis } from './redis-binary.ts'
import { toRedisConf } from './redis-conf.ts'
import { writeWholeFile } from './write-whole-file.ts'

/** Redis may have a large file to load, Neo4j a recovery to do. */
const redisReadyMsMax = 300_000
const neo4jReadyMsMax = 300_000
const redisStopMsMax = 20_000
const neo4jStopMsMax = 60_000

export type StoreSettings = Pick<
  Config,
  | 'redisUrl'
  | 'neo4jUri'
  | 'neo4jUser'
  | 'neo4jPassword'
  | 'neo4jDatabase'
  | 'redisPort'
  | 'boltPort'
  | 'neo4jHttpPort'
  | 'neo4jHeapMb'
  | 'neo4jPageCacheMb'
>

export interface StoreStart {
  settings: StoreSettings
  dataDir: DataDir
  /** Directories that may hold Neo4j's jars already; fetched ones go into the first. */
  programDirs: readonly [string, ...string[]]
  env: Environment
  say: (line: string) => void
  stopSignal: AbortSignal
}

/** The ports that the Redis and the Neo4j listen on which these settings ask to start. */
export function toStorePorts(settings: StoreSettings): WantedPort[] {
  const host = '127.0.0.1'
  const redis = { port: settings.redisPort, host, purpose: 'Redis', setting: 'REDIS_PORT' }
  const bolt = { port: settings.boltPort, host, purpose: 'Neo4j (Bolt)', setting: 'BOLT_PORT' }
  const page = {
    port: settings.neo4jHttpPort,
    host,
    purpose: 'Neo4j’s browser page',
    setting: 'NEO4J_HTTP_PORT',
  }
  return [...(settings.redisUrl === '' ? [redis] : []), ...(settings.neo4jUri === '' ? [bolt, page] : [])]
}

/**
 * Provides and starts the Redis and the Neo4j that the settings do not name; `keep` gets what runs, also where the other does not.
 * Everything that can be found missing is found before anything starts.
 * @throws {LocalError} where something is missing or does not start
 */
export async function startStores(start: StoreStart, keep: (child: KeptChild) => void): Promise<Connection> {
  const { settings, dataDir } = start
  await requireDiskSpace(dataDir.root, nextStartBytesMin)
  // Before an installation of Redis begins that would be for nothing.
  const java = settings.neo4jUri === '' ? await findJava(start.env) : undefined
  const redis = settings.redisUrl === '' ? await planRedis(start) : undefined
  const neo4j = java === undefined ? undefined : await planNeo4j(start, java.path)
  // Only now: an installation of Redis, and the minutes of a download, lie behind.
  await requireFreePorts(toStorePorts(settings))
  // Side by side: each waits for its own disk and its own start.
  const outcomes = await Promise.allSettled(
    [redis?.plan, neo4j?.plan].map(async (plan) => plan && (await keepRunning(plan, start))),
  )
  for (const outcome of outcomes) if (outcome.status === 'fulfilled' && outcome.value) keep(outcome.value)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  const named = {
    neo4jUri: settings.neo4jUri,
    neo4jUser: settings.neo4jUser,
    neo4jPassword: settings.neo4jPassword,
    neo4jDatabase: settings.neo4jDatabase,
  }
  return { redisUrl: redis?.url ?? settings.redisUrl, ...(neo4j?.address ?? named) }
}

async function planRedis({ settings: { redisPort }, dataDir, env, say, stopSignal }: StoreStart) {
  const isRoot = process.getuid?.() === 0
  const { path, version } = await provideRedis({ env, say, stopSignal, isRoot })
  const confPath = join(dataDir.redisDir, 'redis.conf')
  await writeWholeFile(confPath, toRedisConf({ redisPort, redisDir: dataDir.redisDir }))
  const logPath = join(dataDir.logsDir, 'redis.log')
  const plan: ChildPlan = {
    name: `Redis ${version}`,
    command: path,
    args: [confPath],
    env,
    pidPath: join(dataDir.pidsDir, 'Redis.pid'),
    logPath,
    isReady: () => isRedisReady(redisPort),
    readyMsMax: redisReadyMsMax,
    stopMsMax: redisStopMsMax,
  }
  return { plan, url: `redis://127.0.0.1:${redisPort}` }
}

async function planNeo4j({ settings, dataDir, programDirs, env, say, stopSignal }: StoreStart, java: string) {
  const { paths: jarPaths } = await provideNeo4jJars({ env, programDirs, say, stopSignal })
  const memory = toNeo4jMemory(settings, readMemoryBytes())
  const prepared = await prepareNeo4j({ dataDir, ports: settings, memory, java, jarPaths, env, stopSignal })
  const address = {
    neo4jUri: `bolt://127.0.0.1:${settings.boltPort}`,
    neo4jUser: 'neo4j',
    neo4jPassword: prepared.password,
    neo4jDatabase: 'neo4j',
  }
  const logPath = join(dataDir.logsDir, 'neo4j.log')
  const plan: ChildPlan = {
    name: `Neo4j ${neo4jVersion}`,
    command: java,
    args: [`@${prepared.javaArgsPath}`],
    env: prepared.env,
    pidPath: join(dataDir.pidsDir, 'Neo4j.pid'),
    logPath,
    isReady: () => isNeo4jReady(address),
    readyMsMax: neo4jReadyMsMax,
    stopMsMax: neo4jStopMsMax,
  }
  return { plan, address }
}
