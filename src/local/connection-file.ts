import { readIfThere } from './process-record.ts'
import { writeWholeFile } from './write-whole-file.ts'

/** What DATA_DIR/connection.json tells to tools. */
export interface Connection {
  redisUrl: string
  neo4jUri: string
  neo4jUser: string
  neo4jPassword: string
  neo4jDatabase: string
  collectorUrl?: string
}

/** Only this user may read it: it holds the password. */
export async function writeConnection(path: string, connection: Connection): Promise<void> {
  await writeWholeFile(path, `${JSON.stringify(connection, undefined, 2)}\n`)
}

/** The connection in a file; undefined where there is none. */
export async function readConnection(path: string): Promise<Connection | undefined> {
  const text = await readIfThere(path)
  return text === undefined ? undefined : toConnection(JSON.parse(text))
}

function toConnection(value: unknown): Connection | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const read = (name: string) => {
    const found = Object.entries(value).find(([key]) => key === name)?.[1]
    return typeof found === 'string' ? found : ''
  }
  return {
    redisUrl: read('redisUrl'),
    neo4jUri: read('neo4jUri'),
    neo4jUser: read('neo4jUser'),
    neo4jPassword: read('neo4jPassword'),
    neo4jDatabase: read('neo4jDatabase'),
    ...(read('collectorUrl') === '' ? {} : { collectorUrl: read('collectorUrl') }),
  }
}
