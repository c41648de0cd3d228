import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sumOf } from '../sum-of.mjs'

const payloadsSampled = 500

/**
 * Bytes on the disk of a collector that has ended, so that Neo4j has written all its pages: of the graph, of its transaction logs (of which it
 * keeps the newest only), and of Redis.
 */
export async function measureDisk({ neo4jDir, redisDir }) {
  const data = join(neo4jDir, 'data')
  return {
    graph: await sizeOf(join(data, 'databases', 'neo4j')),
    transactions: await sizeOf(join(data, 'transactions', 'neo4j')),
    redis: await sizeOf(redisDir),
  }
}

/** How large the text of an event is as the graph keeps it, compressed: the mean of some of those of a job namespace. */
export async function readLogBytes({ graph }, jobNamespace) {
  const rows = await graph.ask(
    `MATCH (:Job {namespace: $jobNamespace})<-[:RUN_OF]-(:Run)<-[:ABOUT]-(e:Event)
     RETURN e.payload AS payload LIMIT toInteger($count)`,
    { jobNamespace, count: payloadsSampled },
  )
  return sumOf(rows, ({ payload }) => payload.length) / rows.length
}

async function sizeOf(dir) {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => readSize(join(entry.parentPath, entry.name))),
  )
  return sumOf(sizes, (bytes) => bytes)
}

/** A file may go between two looks. */
async function readSize(path) {
  return await stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}
