import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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

/** Where the graph is, and its process where it is the suite's own. */
export interface ChaosNeo4j {
  port: number
  user: string
  password: string
  process: ManagedProcess | undefined
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
  // Written as it grows, so that a full disk is met by the next merge.
  await appendFile(join(dataDir.neo4jConfDir, 'neo4j.conf'), smallLogs)
  const address = {
    neo4jUri: `bolt://127.0.0.1:${ports.boltPort}`,
    neo4jUser: 'neo4j',
    neo4jDatabase: 'neo4j',
  }
  const neo4j = new ManagedProcess({
    name: 'neo4j',
    command: java.path,
    args: [`@${javaArgsPath}`],
    env: { ...neo4jEnv, ...extraEnv },
    logPath: join(dataDir.logsDir, 'neo4j.log'),
    isReady: () => isNeo4jReady({ ...address, neo4jPassword: password }),
  })
  return { port: ports.boltPort, user: 'neo4j', password, process: neo4j }
}

const smallLogs = `
db.tx_log.preallocate=false
db.tx_log.rotation.size=8m
`
