import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { largeBytes } from './record.mjs'

const newline = 10

/** The requests of a file of events, ready to be written to a socket: `count` of them, or all. */
export function readRequests({ file, path, port, count = Infinity, sampleEvery = 0 }) {
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: `
  return readLines(file)
    .slice(0, count)
    .map((body, index) => ({
      bytes: Buffer.concat([Buffer.from(`${head}${body.length}\r\n\r\n`), body]),
      bodyBytes: body.length,
      // The id of the event; only of those whose way into the graph is timed. A large one would tell of its own size.
      id:
        sampleEvery > 0 && index % sampleEvery === 0 && body.length <= largeBytes
          ? createHash('sha256').update(body).digest('hex')
          : undefined,
    }))
}

function readLines(file) {
  const data = readFileSync(file)
  const lines = []
  for (let start = 0; start < data.length;) {
    const found = data.indexOf(newline, start)
    const end = found < 0 ? data.length : found
    if (end > start) lines.push(data.subarray(start, end))
    start = end + 1
  }
  return lines
}
