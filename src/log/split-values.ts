import { recordBytesMax, type Piece } from './input-records.ts'

const newline = 0x0a
const quote = 0x22
const comma = 0x2c
const backslash = 0x5c
const open = { brace: 0x7b, bracket: 0x5b }
const close = { brace: 0x7d, bracket: 0x5d }

/** Where the scan stands: between values, or in one. */
interface Scan {
  line: number
  /** In the array around the values, where there is one. */
  isInArray: boolean
  isInString: boolean
  isEscaped: boolean
  /** Braces and brackets open in the value; of a scalar 0. */
  depth: number
  value: { line: number; bytes: number; parts: Buffer[] } | undefined
}

/** Cuts bytes into the JSON values of which they are made: one after another, or the elements of arrays. */
export async function* splitValues(chunks: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  const scan: Scan = {
    line: 1,
    isInArray: false,
    isInString: false,
    isEscaped: false,
    depth: 0,
    value: undefined,
  }
  for await (const chunk of chunks) yield* scanChunk(scan, chunk)
  if (scan.value === undefined) return
  const isWhole = scan.depth === 0 && !scan.isInString
  yield isWhole ? toPiece(scan.value) : { line: scan.value.line, trouble: 'does not end: a bracket is open' }
}

function* scanChunk(scan: Scan, chunk: Buffer): Generator<Piece> {
  let from = 0
  for (let at = 0; at < chunk.length; at += 1) {
    const byte = chunk[at] ?? 0
    if (byte === newline) scan.line += 1
    if (scan.value === undefined) {
      if (!isValueStart(scan, byte)) continue
      scan.value = { line: scan.line, bytes: 0, parts: [] }
      from = at
    }
    const end = endAt(scan, byte)
    if (end === undefined) continue
    add(scan.value, chunk.subarray(from, at + end))
    yield toPiece(scan.value)
    scan.value = undefined
    // The array around the values may end where a scalar does.
    if (end === 0) isValueStart(scan, byte)
  }
  if (scan.value !== undefined) add(scan.value, chunk.subarray(from))
}

/** Takes a byte between values. */
function isValueStart(scan: Scan, byte: number): boolean {
  if (isSpace(byte) || byte === comma) return false
  if (byte === open.bracket && !scan.isInArray) {
    scan.isInArray = true
    return false
  }
  if (byte === close.bracket && scan.isInArray) {
    scan.isInArray = false
    return false
  }
  return true
}

/** Takes a byte of a value. Says how far behind it the value ends: 1 with it, 0 before it; undefined where it goes on. */
function endAt(scan: Scan, byte: number): 0 | 1 | undefined {
  if (scan.isInString) {
    if (scan.isEscaped) scan.isEscaped = false
    else if (byte === backslash) scan.isEscaped = true
    else if (byte === quote) scan.isInString = false
    return undefined
  }
  if (byte === quote) scan.isInString = true
  else if (byte === open.brace || byte === open.bracket) scan.depth += 1
  else if (scan.depth === 0) return isSpace(byte) || byte === comma || byte === close.bracket ? 0 : undefined
  else if (byte === close.brace || byte === close.bracket) {
    scan.depth -= 1
    return scan.depth === 0 ? 1 : undefined
  }
  return undefined
}

function add(value: NonNullable<Scan['value']>, part: Buffer): void {
  value.bytes += part.length
  if (value.bytes <= recordBytesMax) value.parts.push(part)
  else value.parts = []
}

function toPiece({ line, bytes, parts }: NonNullable<Scan['value']>): Piece {
  if (bytes > recordBytesMax) return { line, trouble: `is longer than ${recordBytesMax} bytes` }
  return { line, bytes: Buffer.concat(parts) }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09
}
