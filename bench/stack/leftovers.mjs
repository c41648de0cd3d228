import { readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toDataDir } from '../../dist/local/data-dir.js'
import { isOver } from '../../scripts/stores-of-own.mjs'

export const folderPrefix = 'headwater-bench-'

/** Ends what an earlier bench left running that was killed, and removes its folder; one that goes on holds its own. */
export async function removeLeftovers(say) {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(folderPrefix))
  for (const name of names) {
    const dir = join(tmpdir(), name)
    if (await isOver(toDataDir(join(dir, 'data')), say)) await rm(dir, { recursive: true, force: true })
  }
}
