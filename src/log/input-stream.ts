import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { codeOf, messageOf } from './error-code.ts'

const gzipMagic = Buffer.from([0x1f, 0x8b])
const byteOrderMark = Buffer.from('\uFEFF')

export interface InputSource {
  /** `-` is stdin. */
  path: string
  /** Hears how many bytes of the file were read so far. */
  onRead: (bytes: number) => void
  /** Hears why what follows cannot be read; the input then ends. */
  onDamage: (reason: string) => void
}

/** The bytes of an input, inflated where they are gzip, whatever the name says; a byte order mark is left out. */
export async function* readInput(source: InputSource): AsyncGenerator<Buffer, void> {
  const { head, rest } = await takeHead(countBytes(source), byteOrderMark.length)
  const isGzip = head.subarray(0, gzipMagic.length).equals(gzipMagic)
  if (!isGzip) {
    yield* withoutMark(head, rest)
    return
  }
  const gunzip = createGunzip()
  // What goes wrong shows where the stream is read.
  pipeline(Readable.from(joined(head, rest)), gunzip).catch(() => undefined)
  const inflated = await takeHead(untilDamage(gunzip, source), byteOrderMark.length)
  yield* withoutMark(inflated.head, inflated.rest)
}

async function* untilDamage(
  gunzip: AsyncIterable<Buffer>,
  { onDamage }: InputSource,
): AsyncGenerator<Buffer, void> {
  try {
    yield* gunzip
  } catch (error) {
    if (!codeOf(error).startsWith('Z_')) throw error
    onDamage(`the gzip stream is damaged: ${messageOf(error)}`)
  }
}

async function* countBytes({ path, onRead }: InputSource): AsyncGenerator<Buffer, void> {
  const stream: AsyncIterable<Buffer> = path === '-' ? process.stdin : createReadStream(path)
  let bytes = 0
  for await (const chunk of stream) {
    bytes += chunk.length
    onRead(bytes)
    yield chunk
  }
}

/** The first bytes of a stream, at least so many where there are, and what follows them. */
export async function takeHead(
  stream: AsyncIterable<Buffer>,
  bytesMin: number,
): Promise<{ head: Buffer; rest: AsyncIterable<Buffer> }> {
  const iterator = stream[Symbol.asyncIterator]()
  const chunks: Buffer[] = []
  let bytes = 0
  while (bytes < bytesMin) {
    const next = await iterator.next()
    if (next.done === true) break
    chunks.push(next.value)
    bytes += next.value.length
  }
  return { head: Buffer.concat(chunks), rest: { [Symbol.asyncIterator]: () => iterator } }
}

export async function* joined(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  if (head.length > 0) yield head
  yield* rest
}

function withoutMark(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  const isMarked = head.subarray(0, byteOrderMark.length).equals(byteOrderMark)
  return joined(isMarked ? head.subarray(byteOrderMark.length) : head, rest)
}
