import { readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { holdDataDir } from '../../dist/local/data-dir-lock.js'
import { toDataDir } from '../../dist/local/data-dir.js'
import { stopStaleChildren } from '../../dist/local/stale-children.js'

export const folderPrefix = 'headwater-bench-'

/** Ends what an earlier bench left running that was killed, and removes its folder; one that goes on holds its own. */
export async function removeLeftovers(say) {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(folderPrefix))
  for (const name of names) {
    const dir = join(tmpdir(), name)
    const dataDir = toDataDir(join(dir, 'data'))
    try {
      await holdDataDir(dataDir)
      await stopStaleChildren(dataDir, say)
      await rm(dir, { recursive: true, force: true })
    } catch {
      // It runs, or is another user's, or has only just begun.
    }
  }
}
