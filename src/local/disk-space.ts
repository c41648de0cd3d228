import { statfs } from 'node:fs/promises'
import { toErrorCode } from './error-code.ts'
import { LocalError } from './local-error.ts'

const mebibyte = 1024 * 1024
/** The jars, Maven's own copy of them, and the files that Neo4j allocates ahead in a new database. */
export const firstStartBytesMin = 1536 * mebibyte
/** Below this a database would soon stop in the middle of its work. */
export const nextStartBytesMin = 256 * mebibyte

export const diskFullSentence =
  'The disk is full. Make room, or set DATA_DIR to a directory on another disk, and run again.'

/** @throws {LocalError} where the disk of a directory has less space left than `bytesMin` */
export async function requireDiskSpace(directory: string, bytesMin: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory)
  const bytesFree = bavail * bsize
  if (bytesFree >= bytesMin) return
  throw new LocalError(
    `The disk is full: ${toMebibytes(bytesFree)} MiB are free at ${directory}, and ${toMebibytes(bytesMin)} MiB are needed. ` +
      'Make room, or set DATA_DIR to a directory on another disk, and run again.',
  )
}

/** Says that a disk is full in a sentence; undefined for any other error. */
export function toDiskFullError(error: unknown): LocalError | undefined {
  const code = toErrorCode(error)
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return undefined
  return new LocalError(diskFullSentence, { cause: error })
}

function toMebibytes(bytes: number): number {
  return Math.floor(bytes / mebibyte)
}
