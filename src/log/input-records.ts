import { isUtf8 } from 'node:buffer'
import { joined, takeHead } from './input-stream.ts'
import { splitLines } from './split-lines.ts'
import { splitValues } from './split-values.ts'

/** One piece of an input: a line, or a value that may go over several lines. */
export interface InputRecord {
  /** Where it begins, from 1. */
  line: number
  text: string
}

/** A piece that cannot be a record, with the reason. */
export interface InputTrouble {
  line: number
  trouble: string
}

/** A piece as the splitters cut it. */
export type Piece = { line: number; bytes: Buffer } | InputTrouble

/** An input is told by so many bytes of its beginning. */
const sampleBytes = 1024 * 1024
/** A line beyond this is no record: a text of 512 MB is more than Node.js can hold. */
export const recordBytesMax = 256 * 1024 * 1024
/** Lines that are looked at. */
const sampleLines = 100

/** Cuts an input into records: JSON lines, or JSON values over several lines, alone, one after another, or in an array. */
export async function* toRecords(input: AsyncIterable<Buffer>): AsyncGenerator<InputRecord | InputTrouble> {
  const { head, rest } = await takeHead(input, sampleBytes)
  const chunks = joined(head, rest)
  const pieces = isOfLines(head) ? splitLines(chunks) : splitValues(chunks)
  for await (const piece of pieces) {
    if ('trouble' in piece) yield piece
    else if (isUtf8(piece.bytes)) yield { line: piece.line, text: piece.bytes.toString('utf8') }
    else yield { line: piece.line, trouble: 'is not UTF-8' }
  }
}

/**
 * An input is of lines where one of the first is an object by itself and stands at the margin, or where the first does not end: then
 * one broken line costs that line alone. Values over several lines, and arrays, can only be told apart by their brackets.
 */
function isOfLines(head: Buffer): boolean {
  const text = head.toString('utf8').trimStart()
  if (text.startsWith('[')) return false
  const lines = text.split('\n', sampleLines)
  const isFirstCutOff = lines.length === 1 && head.length >= sampleBytes
  if (isFirstCutOff || text === '') return true
  return lines.some((line) => line.startsWith('{') && isJson(line))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
