import { recordBytesMax, type Piece } from './input-records.ts'

const newline = 0x0a
const carriageReturn = 0x0d

/** Cuts bytes at their line breaks, which do not belong to the lines; empty lines are left out, but counted. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  let line = 1
  let parts: Buffer[] = []
  let bytes = 0
  const add = (part: Buffer) => {
    bytes += part.length
    if (bytes <= recordBytesMax) parts.push(part)
    else parts = []
  }
  const take = (): Piece[] => {
    const piece = toPiece(line, bytes, parts)
    parts = []
    bytes = 0
    return piece
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      add(chunk.subarray(from, at))
      yield* take()
      line += 1
      from = at + 1
    }
    if (from < chunk.length) add(chunk.subarray(from))
  }
  yield* take()
}

function toPiece(line: number, bytes: number, parts: readonly Buffer[]): Piece[] {
  if (bytes > recordBytesMax) return [{ line, trouble: `is longer than ${recordBytesMax} bytes` }]
  const whole = Buffer.concat(parts)
  const content = whole.at(-1) === carriageReturn ? whole.subarray(0, -1) : whole
  return content.toString('latin1').trim() === '' ? [] : [{ line, bytes: content }]
}
