import type { ServerResponse } from 'node:http'
import type { RowFormat, Truncation } from './row-formats.ts'

export interface RowLimits {
  rowsMax: number
  bytesMax: number
}

/** What an answer is written from. */
export interface RowSource {
  columns: readonly string[]
  rows: AsyncIterable<readonly unknown[]>
  /** Why rows ended early, in the caller's words; throws what is nobody's fault but ours. */
  explain: (error: unknown) => { truncation: Truncation; detail: string }
}

/** The head goes out with this much text behind it: what fails before is answered with a status of its own. */
const firstCharsMin = 16 * 1024

export const truncationTrailer = 'Headwater-Truncated'

/**
 * Writes rows as they come, no faster than they are read at the other end, until there are no more or a limit is met.
 * @throws what taking rows throws, as long as nothing has been written
 */
export async function writeRows(
  response: ServerResponse,
  format: RowFormat,
  { columns, rows, explain }: RowSource,
  { rowsMax, bytesMax }: RowLimits,
): Promise<void> {
  const out = openOutput(response, format.contentType)
  let [count, bytes] = [0, 0]
  let end: { truncation?: Truncation; detail?: string } = {}
  await out.write(format.head(columns))
  try {
    for await (const values of rows) {
      const text = count === rowsMax ? '' : format.row(columns, values, count)
      bytes += Buffer.byteLength(text)
      if (count === rowsMax) end = { truncation: 'rows', detail: `There are more than ${rowsMax} rows.` }
      else if (bytes > bytesMax)
        end = { truncation: 'bytes', detail: `There are more than ${bytesMax} bytes.` }
      if (end.truncation !== undefined) break
      await out.write(text)
      count += 1
    }
  } catch (error) {
    if (!out.isOpen()) throw error
    end = explain(error)
    if (!format.tellsFailure) {
      response.destroy()
      return
    }
  }
  await out.end(format.foot(end.truncation, end.detail), end.truncation)
}

/** Gathers text until it is worth sending, and waits where the other end is slow. */
function openOutput(response: ServerResponse, contentType: string) {
  let waiting = ''
  const flush = async () => {
    if (!response.headersSent)
      response.writeHead(200, {
        'Content-Type': contentType,
        'Cache-Control': 'no-store',
        Trailer: truncationTrailer,
      })
    const text = waiting
    waiting = ''
    // Where the other end goes away instead, whoever took rows hears of it by the signal.
    if (text !== '' && !response.write(text) && !response.destroyed) await drained(response)
  }
  return {
    isOpen: () => response.headersSent,
    write: async (text: string) => {
      waiting += text
      if (waiting.length >= firstCharsMin) await flush()
    },
    end: async (text: string, truncation: Truncation | undefined) => {
      waiting += text
      await flush()
      if (truncation !== undefined) response.addTrailers({ [truncationTrailer]: truncation })
      response.end()
    },
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
}
