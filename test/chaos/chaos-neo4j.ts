import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import neo4j from 'neo4j-driver'
import { makeDataDir, toDataDir } from '../../src/local/data-dir.ts'
import { findJava } from '../../src/local/java.ts'
import { provideNeo4jJars } from '../../src/local/neo4j-jars.ts'
import { prepareNeo4j } from '../../src/local/neo4j-home.ts'
import { findFreePort } from '../../src/local/ports.ts'
import { isNeo4jReady } from '../../src/local/probes.ts'
import { ManagedProcess } from './managed-process.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const heapMb = 512
const pageCacheMb = 128
const checkpointMsMax = 10_000

/** Where the graph is, and its process where it is the suite's own. */
export interface ChaosNeo4j {
  port: number
  user: string
  password: string
  process: ManagedProcess | undefined
}

/** Has Neo4j write its pages to the disk now, as it does by itself every quarter of an hour; false where it could not. */
export async function makeCheckpoint({ port, user, password }: ChaosNeo4j): Promise<boolean> {
  const driver = neo4j.driver(`bolt://127.0.0.1:${port}`, neo4j.auth.basic(user, password), {
    connectionTimeout: checkpointMsMax,
  })
  try {
    const done = driver.executeQuery('CALL db.checkpoint()').then(
      () => true,
      () => false,
    )
    return await Promise.race([done, pause(checkpointMsMax, false, { ref: false })])
  } finally {
    await driver.close()
  }
}

/** A Neo4j as `headwater up` starts it, that nobody starts again but the suite. */
export async function createChaosNeo4j(dir: string, extraEnv: NodeJS.ProcessEnv): Promise<ChaosNeo4j> {
  const dataDir = toDataDir(dir)
  await makeDataDir(dataDir)
  const { signal: stopSignal } = new AbortController()
  const testDir = join(root, '.headwater-test')
  const programDirs = [testDir, join(root, '.headwater')] as const
  const { env } = process
  const [java, jars] = [
    await findJava(env),
    await provideNeo4jJars({ env, programDirs, say: () => undefined, stopSignal }),
  ]
  const ports = { boltPort: await findFreePort(), neo4jHttpPort: await findFreePort() }
  const memory = { heapMb, pageCacheMb }
  const home = { dataDir, ports, memory, java: java.path, jarPaths: jars.paths, env, stopSignal }
  const { password, javaArgsPath, env: neo4jEnv } = await prepareNeo4j(home)
  const address = {
    neo4jUri: `bolt://127.0.0.1:${ports.boltPort}`,
    neo4jUser: 'neo4j',
    neo4jDatabase: 'neo4j',
  }
  const server = new ManagedProcess({
    name: 'neo4j',
    command: java.path,
    args: [`@${javaArgsPath}`],
    env: { ...neo4jEnv, ...extraEnv },
    logPath: join(dataDir.logsDir, 'neo4j.log'),
    isReady: () => isNeo4jReady({ ...address, neo4jPassword: password }),
  })
  return { port: ports.boltPort, user: 'neo4j', password, process: server }
}
