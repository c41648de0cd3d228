import { holdDataDir } from '../dist/local/data-dir-lock.js'
import { LocalError } from '../dist/local/local-error.js'
import { findFreePort } from '../dist/local/ports.js'
import { stopStaleChildren } from '../dist/local/stale-children.js'

/** Ports for a Redis and a Neo4j beside all others on this machine. */
export async function findStorePorts() {
  return {
    redisPort: await findFreePort(),
    boltPort: await findFreePort(),
    neo4jHttpPort: await findFreePort(),
  }
}

/**
 * Whether no run goes on in a data directory: one that does holds it. What one that was killed has left running is ended, so that the
 * directory can be removed.
 */
export async function isOver(dataDir, say) {
  try {
    await holdDataDir(dataDir)
    await stopStaleChildren(dataDir, say)
    return true
  } catch (error) {
    if (!(error instanceof LocalError)) say(`${dataDir.root} could not be removed: ${error.message}`)
    return false
  }
}
