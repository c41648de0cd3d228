import { readConfig, type Config } from '../config.ts'
import { readConnection, type Connection } from '../local/connection-file.ts'
import { toDataDir } from '../local/data-dir.ts'

/**
 * The settings; where they name neither a Redis nor a Neo4j, those that `headwater up` runs, out of its connection.json.
 * @throws {ConfigError} naming every mistake at once
 */
export async function readStoreConfig(env: NodeJS.ProcessEnv): Promise<Config> {
  const config = readConfig(env)
  const local = await findLocal(config)
  if (local === undefined || config.redisUrl !== '' || config.neo4jUri !== '') return config
  const { redisUrl, neo4jUri, neo4jUser, neo4jPassword, neo4jDatabase } = local
  return { ...config, redisUrl, neo4jUri, neo4jUser, neo4jPassword, neo4jDatabase }
}

/** What `headwater up` has written of what it runs in DATA_DIR; undefined where it never ran. */
export async function findLocal({ dataDir }: Config): Promise<Connection | undefined> {
  return await readConnection(toDataDir(dataDir).connectionPath)
}
