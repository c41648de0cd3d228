import { hash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip, gzipSync } from 'node:zlib'
import type { QueuedEvent } from '../queue/queued-event.ts'
import type { Body } from './read-body.ts'

const gzipAsync = promisify(gzip)
// The fastest level: the text lives in the queue for seconds, and level 6 takes nearly twice the CPU for an eighth less.
const gzipLevel = 1
/** Up to here compressing takes less than a millisecond, and a thread would cost more than it frees. */
const gzipSyncBytesMax = 256 * 1024

/** An event as it travels: named after its content, so that a repeat has the same id. */
export async function toQueuedEvent(
  body: Pick<Body, 'text' | 'gzip'>,
  { requestId, receivedAt, brokenFacets }: Pick<QueuedEvent, 'requestId' | 'receivedAt' | 'brokenFacets'>,
): Promise<QueuedEvent> {
  const compressed = body.gzip ?? (await compress(body.text))
  return {
    id: hash('sha256', body.text, 'hex'),
    receivedAt,
    requestId,
    payload: compressed.toString('base64'),
    bytes: body.text.length,
    ...(brokenFacets !== undefined && brokenFacets.length > 0 && { brokenFacets }),
  }
}

async function compress(text: Buffer): Promise<Buffer> {
  return text.length > gzipSyncBytesMax
    ? gzipAsync(text, { level: gzipLevel })
    : gzipSync(text, { level: gzipLevel })
}
