import { open, truncate, type FileHandle } from 'node:fs/promises'
import { codeOf } from './error-code.ts'

/** What could not be imported: a JSON line for each, in a file that is made when the first comes. */
export interface ImportReport {
  path: string
  add(lines: readonly ReportLine[]): Promise<void>
  /** Bytes written so far. */
  bytes(): number
  close(): Promise<void>
}

export interface ReportLine {
  file: string
  line: number
  reason: string
}

/** Opens the report where an earlier import has left it: what stands behind `keepBytes` will come again. */
export async function openReport(path: string, keepBytes: number): Promise<ImportReport> {
  let file: FileHandle | undefined
  let bytes = keepBytes
  await truncate(path, keepBytes).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error
    bytes = 0
  })
  return {
    path,
    async add(lines) {
      if (lines.length === 0) return
      file ??= await open(path, 'a')
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
      await file.write(text)
      bytes += Buffer.byteLength(text)
    },
    bytes: () => bytes,
    close: async () => await file?.close(),
  }
}
