import { execFile } from 'node:child_process'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { toErrorCode } from '../../src/local/error-code.ts'

const run = promisify(execFile)
const blockBytes = 1024 * 1024

/** A directory on a disk of its own that can be filled. */
export interface SmallDisk {
  dir: string
  fill(): Promise<void>
  free(): Promise<void>
  remove(): Promise<void>
}

/** Mounts it; undefined where this machine does not let us: then the directory is an ordinary one. */
export async function mountSmallDisk(dir: string, megabytes: number): Promise<SmallDisk | undefined> {
  await mkdir(dir, { recursive: true })
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir])
  } catch {
    return undefined
  }
  const ballast = join(dir, 'ballast')
  return {
    dir,
    fill: () => fill(ballast),
    free: () => rm(ballast, { force: true }),
    remove: async () => void (await run('umount', ['-l', dir])),
  }
}

/** Writes until nothing fits any more, first in blocks and then in pages. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'a')
  try {
    for (let bytes = blockBytes; bytes >= 4096;) {
      try {
        await file.write(Buffer.alloc(bytes))
      } catch (error) {
        if (toErrorCode(error) !== 'ENOSPC') throw error
        bytes /= 4
      }
    }
  } finally {
    await file.close()
  }
}
