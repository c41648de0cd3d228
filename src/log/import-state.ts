import { hash } from 'node:crypto'
import { open, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { isJsonObject } from '../openlineage/json-object.ts'

/** How far the import of a file has come, kept in a file of its own. */
export interface ImportState {
  /** The file that was being imported: a changed one is imported from its beginning. */
  file: FileMark
  /** Where to. */
  url: string
  /** Records settled: every event of theirs is taken or refused. */
  records: number
  events: number
  refused: number
  changes: number
  renamed: number
  /** Bytes of the report that belong to these records. */
  reportBytes: number
  isDone: boolean
}

export interface FileMark {
  size: number
  /** SHA-256 of its first bytes. */
  start: string
}

const startBytes = 64 * 1024

export async function readFileMark(path: string): Promise<FileMark> {
  const { size } = await stat(path)
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(startBytes), 0, startBytes, 0)
    return { size, start: hash('sha256', buffer.subarray(0, bytesRead), 'hex') }
  } finally {
    await file.close()
  }
}

export function toFreshState(file: FileMark, url: string): ImportState {
  const counts = { records: 0, events: 0, refused: 0, changes: 0, renamed: 0, reportBytes: 0 }
  return { file, url, ...counts, isDone: false }
}

/** The state of an earlier import of this very file to the same collector; undefined where there is none that can be gone on from. */
export async function readState(
  statePath: string,
  file: FileMark,
  url: string,
): Promise<ImportState | undefined> {
  const text = await readFile(statePath, 'utf8').catch(() => '')
  const fresh = toFreshState(file, url)
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isJsonObject(found) || !isJsonObject(found['file']) || found['url'] !== url) return undefined
  const isSameFile = found['file']['size'] === file.size && found['file']['start'] === file.start
  if (!isSameFile) return undefined
  const count = (name: string) => (typeof found[name] === 'number' ? found[name] : 0)
  return {
    ...fresh,
    records: count('records'),
    events: count('events'),
    refused: count('refused'),
    changes: count('changes'),
    renamed: count('renamed'),
    reportBytes: count('reportBytes'),
    isDone: found['isDone'] === true,
  }
}

export async function writeState(statePath: string, state: ImportState): Promise<void> {
  const partial = `${statePath}.partial-${process.pid}`
  await writeFile(partial, `${JSON.stringify(state)}\n`)
  await rename(partial, statePath)
}
