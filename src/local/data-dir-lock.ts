import { randomUUID } from 'node:crypto'
import { link, rename, rm, writeFile } from 'node:fs/promises'
import type { DataDir } from './data-dir.ts'
import { LocalError } from './local-error.ts'
import { describeProcess, isStillRunning, readIfThere, toProcessRecord } from './process-record.ts'
import { toErrorCode } from './error-code.ts'

/** Attempts at a lock that others take over at the same moment. */
const attemptsMax = 5

/**
 * Holds DATA_DIR for this process, until the returned function is called. A lock whose process is gone is taken over.
 * @throws {LocalError} where another `headwater up` holds it
 */
export async function holdDataDir({ root, lockPath }: DataDir): Promise<() => Promise<void>> {
  const own = JSON.stringify(describeProcess(process.pid))
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    if (await createLock(lockPath, own)) return () => rm(lockPath, { force: true })
    const found = await readIfThere(lockPath)
    if (found === undefined) continue
    const holder = toProcessRecord(found)
    if (holder !== undefined && isStillRunning(holder)) {
      throw new LocalError(
        `${root} is in use by another start (process ${holder.pid}). ` +
          'Stop that one first, or set DATA_DIR to another directory.',
      )
    }
    await removeStaleLock(lockPath, found)
  }
  throw new LocalError(`${lockPath} keeps changing. Is something else starting there? Run again.`)
}

/** A link is made with its content or not at all, so that nobody reads half a lock. */
async function createLock(lockPath: string, content: string): Promise<boolean> {
  const draft = `${lockPath}.${randomUUID()}`
  await writeFile(draft, content, { mode: 0o600 })
  try {
    await link(draft, lockPath)
    return true
  } catch (error) {
    if (toErrorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** Two may find the same stale lock: the slower one puts the faster one's new lock back. */
async function removeStaleLock(lockPath: string, stale: string): Promise<void> {
  const aside = `${lockPath}.stale-${randomUUID()}`
  try {
    await rename(lockPath, aside)
  } catch (error) {
    if (toErrorCode(error) === 'ENOENT') return
    throw error
  }
  const moved = await readIfThere(aside)
  if (moved !== undefined && moved !== stale) await createLock(lockPath, moved)
  await rm(aside, { force: true })
}
