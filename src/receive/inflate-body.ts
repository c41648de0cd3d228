import type { IncomingMessage } from 'node:http'
import {
  createGunzip,
  createInflate,
  createInflateRaw,
  gunzipSync,
  inflateRawSync,
  inflateSync,
} from 'node:zlib'
import { discardRest } from '../http/discard-rest.ts'
import { RequestAbandoned } from '../http/error-handler.ts'
import { Problem } from '../http/problem.ts'
import { joinChunks, readChunks } from './read-chunks.ts'

export interface InflateLimits {
  coding: 'gzip' | 'deflate'
  inflatedBytesMax: number
  sentBytesMax: number
  tooLarge: () => Problem
}

export interface Inflated {
  text: Buffer
  /** The body as it was sent. */
  sent: Buffer
}

// Most events are small, and inflated in one call they cost a quarter of what a stream does. These two bound that
// call to less than a millisecond of the event loop.
const smallSentBytesMax = 64 * 1024
const smallInflatedBytesMax = 256 * 1024
const inflateChunkBytes = 64 * 1024

interface Inflater {
  now: typeof gunzipSync
  stream: typeof createGunzip
}

/** Reads a compressed body; a large one is inflated while it comes, and left as soon as it is above a limit. */
export async function readInflated(request: IncomingMessage, limits: InflateLimits): Promise<Inflated> {
  const start = await readChunks(request, Math.min(smallSentBytesMax, limits.sentBytesMax))
  const head = joinChunks(start.chunks)
  const inflater = chooseInflater(limits.coding, head)
  if (!start.ended) return inflateWhileReading(request, { head, inflater, limits, ended: false })
  const text = inflateSmall(head, { inflater, limits })
  if (text !== undefined) return { text, sent: head }
  return inflateWhileReading(request, { head, inflater, limits, ended: true })
}

function chooseInflater(coding: InflateLimits['coding'], head: Buffer): Inflater {
  if (coding === 'gzip') return { now: gunzipSync, stream: createGunzip }
  // HTTP's deflate is a zlib stream, but some clients send the bare one; zlib's two bytes tell: RFC 1950, section 2.2.
  const isZlib = head.length >= 2 && head.readUInt8(0) % 16 === 8 && head.readUInt16BE(0) % 31 === 0
  return isZlib
    ? { now: inflateSync, stream: createInflate }
    : { now: inflateRawSync, stream: createInflateRaw }
}

/** Undefined where the text turns out not to be small. */
function inflateSmall(
  sent: Buffer,
  { inflater, limits }: { inflater: Inflater; limits: InflateLimits },
): Buffer | undefined {
  const maxOutputLength = Math.min(smallInflatedBytesMax, limits.inflatedBytesMax)
  try {
    return inflater.now(sent, { maxOutputLength })
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') return undefined
    throw toUndecodable(error, limits.coding)
  }
}

interface Reading {
  head: Buffer
  inflater: Inflater
  limits: InflateLimits
  ended: boolean
}

function inflateWhileReading(
  request: IncomingMessage,
  { head, inflater, limits, ended }: Reading,
): Promise<Inflated> {
  return new Promise((resolve, reject) => {
    const stream = inflater.stream({ chunkSize: inflateChunkBytes })
    const sent = [head]
    const inflated: Buffer[] = []
    let sentBytes = head.length
    let inflatedBytes = 0
    const stop = () => {
      request.unpipe(stream).pause()
      request.off('data', onSent).off('close', onClose)
      stream.destroy()
    }
    const fail = (error: Error) => {
      stop()
      reject(error)
    }
    const onSent = (chunk: Buffer) => {
      sent.push(chunk)
      sentBytes += chunk.length
      if (sentBytes > limits.sentBytesMax) fail(limits.tooLarge())
    }
    const onClose = () => {
      if (!request.readableEnded) fail(new RequestAbandoned())
    }
    stream.on('data', (chunk: Buffer) => {
      inflated.push(chunk)
      inflatedBytes += chunk.length
      if (inflatedBytes > limits.inflatedBytesMax) fail(limits.tooLarge())
    })
    stream.on('error', (error) => {
      fail(toUndecodable(error, limits.coding))
    })
    stream.on('end', () => {
      stop()
      // Only where something follows the end of the compressed stream.
      discardRest(request)
      resolve({ text: Buffer.concat(inflated, inflatedBytes), sent: Buffer.concat(sent, sentBytes) })
    })
    if (ended) {
      stream.end(head)
      return
    }
    stream.write(head)
    request.on('data', onSent).on('close', onClose)
    if (request.destroyed) onClose()
    else request.pipe(stream)
  })
}

function toUndecodable(error: unknown, coding: InflateLimits['coding']): Problem {
  const detail =
    codeOf(error) === 'Z_BUF_ERROR'
      ? `The body ends in the middle of its ${coding} stream.`
      : `The body is not ${coding}, although its Content-Encoding says so.`
  return new Problem('body-undecodable', { detail, cause: error })
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
