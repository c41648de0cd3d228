import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** Where things are under DATA_DIR. */
export interface DataDir {
  root: string
  lockPath: string
  connectionPath: string
  logsDir: string
  pidsDir: string
  redisDir: string
  neo4jDir: string
  neo4jConfDir: string
}

export function toDataDir(path: string): DataDir {
  const root = resolve(path)
  const neo4jDir = join(root, 'neo4j')
  return {
    root,
    lockPath: join(root, 'up.lock'),
    connectionPath: join(root, 'connection.json'),
    logsDir: join(root, 'logs'),
    pidsDir: join(root, 'run'),
    redisDir: join(root, 'redis'),
    neo4jDir,
    neo4jConfDir: join(neo4jDir, 'conf'),
  }
}

/** Makes the directories; only this user may look into them, for one holds a password. */
export async function makeDataDir(dataDir: DataDir): Promise<void> {
  await mkdir(dataDir.root, { recursive: true, mode: 0o700 })
  for (const path of [dataDir.logsDir, dataDir.pidsDir, dataDir.redisDir, dataDir.neo4jConfDir]) {
    await mkdir(path, { recursive: true })
  }
}
