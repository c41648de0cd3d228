import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { codeOf } from './error-code.ts'

export interface LineTarget {
  /** Undefined for stdout. */
  path: string | undefined
  gzip: boolean
  signal: AbortSignal
}

/** The reader of stdout has gone, as `head` does: nothing more is wanted. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone'
}

/**
 * Writes lines as they come, held back by whoever takes them. A file is there whole or not at all.
 * @throws {ReaderGone} when stdout is closed early
 */
export async function writeLines(
  lines: AsyncIterable<string>,
  { path, gzip, signal }: LineTarget,
): Promise<void> {
  const source = Readable.from(lines)
  const through = gzip ? [createGzip()] : []
  if (path === undefined) {
    try {
      await pipeline([source, ...through, process.stdout], { signal, end: false })
    } catch (error) {
      if (codeOf(error) === 'EPIPE') throw new ReaderGone('The reader of stdout has gone.', { cause: error })
      throw error
    }
    return
  }
  const partial = `${path}.partial-${process.pid}`
  try {
    await pipeline([source, ...through, createWriteStream(partial, { flush: true })], { signal })
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}
