import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../../src/config.ts'
import type { Connection } from '../../src/local/connection-file.ts'
import { toDataDir } from '../../src/local/data-dir.ts'
import { findFreePort } from '../../src/local/ports.ts'
import { withStores } from '../../src/local/with-stores.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const heapMb = 384
const pageCacheMb = 64

/** A Neo4j of the test's own, empty, beside the one that all tests share. */
export interface OwnNeo4j {
  uri: string
  user: string
  password: string
  /** Ends it and removes its data. */
  remove(): Promise<void>
}

export async function startOwnNeo4j(): Promise<OwnNeo4j> {
  const testDir = join(root, '.headwater-test')
  const dir = await mkdtemp(join(testDir, 'neo4j-'))
  const settings = {
    ...readConfig({}),
    redisUrl: 'redis://not.used',
    boltPort: await findFreePort(),
    neo4jHttpPort: await findFreePort(),
    neo4jHeapMb: heapMb,
    neo4jPageCacheMb: pageCacheMb,
  }
  const removing = new AbortController()
  const start = {
    settings,
    dataDir: toDataDir(dir),
    programDirs: [testDir, join(root, '.headwater')] as const,
    env: process.env,
    say: () => undefined,
    stopSignal: new AbortController().signal,
  }
  let ended: Promise<void> = Promise.resolve()
  const { neo4jUri, neo4jUser, neo4jPassword } = await new Promise<Connection>((resolve, reject) => {
    const use = async (connection: Connection) => {
      resolve(connection)
      await once(removing.signal, 'abort')
    }
    ended = withStores({ start, otherPorts: [], use })
    ended.catch(reject)
  })
  return {
    uri: neo4jUri,
    user: neo4jUser,
    password: neo4jPassword,
    async remove() {
      removing.abort()
      await ended
      await rm(dir, { recursive: true })
    },
  }
}
