import { join } from 'node:path'
import { writeEvents } from '../generate/write-events.mjs'

/** Writes the texts of events into a file, as `{ file, events, bytes }`. */
export function writeEventFile(dir, name, texts) {
  const file = join(dir, `${name}.ndjson`)
  return { file, ...writeEvents(file, texts) }
}
