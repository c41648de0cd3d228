import type { IncomingMessage } from 'node:http'
import { Problem } from '../http/problem.ts'
import { readInflated } from './inflate-body.ts'
import { checkContentType, toContentCoding, type ContentCoding } from './media-type.ts'
import { joinChunks, readChunks } from './read-chunks.ts'

export interface Body {
  /** The event's text: inflated, without a byte order mark. */
  text: Buffer
  /** The same text as the client's own gzip stream, where it can be handed on as it came. */
  gzip?: Buffer
  /** When the last byte had come, in the time of `performance.now()`. */
  endedAt: number
}

/** What a compressed body may have above the limit, for texts that gzip cannot make smaller. */
const encodingBytesMax = 64 * 1024

const byteOrderMark = Buffer.from('\uFEFF')

/**
 * Reads one body, inflated on the way; `bodyBytesMax` counts inflated bytes.
 * @throws {Problem} as soon as it is clear that the body cannot be taken: its rest is then still unread
 */
export async function readBody(
  request: IncomingMessage,
  { bodyBytesMax }: { bodyBytesMax: number },
): Promise<Body> {
  checkContentType(request.headers['content-type'])
  const coding = toContentCoding(request.headers['content-encoding'])
  const sentBytesMax = coding === 'identity' ? bodyBytesMax : bodyBytesMax + encodingBytesMax
  if (Number(request.headers['content-length']) > sentBytesMax) throw toTooLarge(bodyBytesMax)

  const { text, sent } = await readText(request, { coding, bodyBytesMax, sentBytesMax })
  const endedAt = performance.now()
  if (text.subarray(0, byteOrderMark.length).equals(byteOrderMark)) {
    return { text: text.subarray(byteOrderMark.length), endedAt }
  }
  return coding === 'gzip' && isPlainGzipOf(sent, text) ? { text, gzip: sent, endedAt } : { text, endedAt }
}

async function readText(
  request: IncomingMessage,
  limits: { coding: ContentCoding; bodyBytesMax: number; sentBytesMax: number },
): Promise<{ text: Buffer; sent: Buffer }> {
  const { coding, bodyBytesMax, sentBytesMax } = limits
  const tooLarge = () => toTooLarge(bodyBytesMax)
  if (coding !== 'identity') {
    return readInflated(request, { coding, inflatedBytesMax: bodyBytesMax, sentBytesMax, tooLarge })
  }
  const { chunks, ended } = await readChunks(request, bodyBytesMax)
  if (!ended) throw tooLarge()
  const text = joinChunks(chunks)
  return { text, sent: text }
}

/**
 * True for one gzip stream with nothing after it: its trailer then holds the length of the whole text.
 * A stream longer than its text is better compressed again.
 */
function isPlainGzipOf(sent: Buffer, text: Buffer): boolean {
  const trailerBytes = 4
  if (sent.length <= trailerBytes || sent.length > text.length) return false
  return sent.readUInt32LE(sent.length - trailerBytes) === text.length
}

function toTooLarge(bodyBytesMax: number): Problem {
  return new Problem('body-too-large', {
    detail:
      `A body may have ${bodyBytesMax} bytes, inflated. Leave out large facets, such as spark.logicalPlan, ` +
      'send fewer events at once, or raise BODY_BYTES_MAX of the collector.',
  })
}
