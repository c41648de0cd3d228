import { appendFileSync, renameSync, statSync } from 'node:fs'

/** A log above this is put aside as `<name>.1`, and a new one begun. */
const logBytesMax = 32 * 1024 * 1024

/** A function that appends lines to a file. A full disk costs the log its lines, and nobody their work. */
export function createLogFile(path: string): (line: string) => void {
  let bytes = readSize(path)
  return (line) => {
    const text = `${line}\n`
    try {
      if (bytes > logBytesMax) {
        renameSync(path, `${path}.1`)
        bytes = 0
      }
      appendFileSync(path, text, { mode: 0o600 })
      bytes += Buffer.byteLength(text)
    } catch {
      // There is no better place left to complain to.
    }
  }
}

function readSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
