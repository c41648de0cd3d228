import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'

const blockChars = 4_000_000

/** Writes texts of events, one a line, and tells how many they are, how large, and the SHA-256 of the whole. */
export function writeEvents(path, texts) {
  const file = openSync(path, 'w')
  const hash = createHash('sha256')
  const written = { events: 0, bytes: 0, maxEventBytes: 0 }
  let lines = []
  let chars = 0
  const flush = () => {
    const block = Buffer.from(lines.join(''))
    hash.update(block)
    writeSync(file, block)
    written.bytes += block.length
    lines = []
    chars = 0
  }
  for (const text of texts) {
    const line = `${text}\n`
    lines.push(line)
    chars += line.length
    written.events += 1
    written.maxEventBytes = Math.max(written.maxEventBytes, line.length)
    if (chars > blockChars) flush()
  }
  flush()
  closeSync(file)
  return { ...written, sha256: hash.digest('hex') }
}
