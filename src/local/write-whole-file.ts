import { rename, writeFile } from 'node:fs/promises'

/** Writes a file that is there whole or not at all. */
export async function writeWholeFile(path: string, text: string, mode = 0o600): Promise<void> {
  const partial = `${path}.partial-${process.pid}`
  await writeFile(partial, text, { mode, flush: true })
  await rename(partial, path)
}
