import type { Connection } from './connection-file.ts'
import { holdDataDir } from './data-dir-lock.ts'
import { makeDataDir } from './data-dir.ts'
import { toDiskFullError } from './disk-space.ts'
import type { KeptChild } from './keep-running.ts'
import { requireFreePorts, type WantedPort } from './ports.ts'
import { stopStaleChildren } from './stale-children.ts'
import { startStores, toStorePorts, type StoreStart } from './stores.ts'

export interface StoreUse {
  start: StoreStart
  /** Ports that `use` will need: a busy one is told before anything starts. */
  otherPorts: readonly WantedPort[]
  /** What runs beside the stores is given to `keep`, and stopped before them. */
  use: (connection: Connection, keep: (child: KeptChild) => void) => Promise<void>
}

/**
 * Holds DATA_DIR, runs Redis and Neo4j in it while `use` does, and stops all in order, whatever happens.
 * @throws {LocalError} saying what is wrong and what to do; nothing is left running, nothing half made
 */
export async function withStores({ start, otherPorts, use }: StoreUse): Promise<void> {
  const { dataDir, settings, say, stopSignal } = start
  const kept: KeptChild[] = []
  const keep = (child: KeptChild) => void kept.push(child)
  let release: (() => Promise<void>) | undefined
  try {
    await makeDataDir(dataDir)
    release = await holdDataDir(dataDir)
    await stopStaleChildren(dataDir, say)
    await requireFreePorts([...otherPorts, ...toStorePorts(settings)])
    say(`Data is kept in ${dataDir.root}`)
    await use(await startStores(start, keep), keep)
  } catch (error) {
    // A stop while starting is no error: whatever it interrupted is over.
    if (!stopSignal.aborted) throw toDiskFullError(error) ?? error
  } finally {
    await stopInOrder(kept, say)
    await release?.()
  }
}

/** The door closes first, and what it feeds after it: the reverse of the start. */
async function stopInOrder(kept: readonly KeptChild[], say: (line: string) => void): Promise<void> {
  for (const child of kept.toReversed()) {
    say(`Stopping ${child.name}.`)
    await child.stop()
  }
}
