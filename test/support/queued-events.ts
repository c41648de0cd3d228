import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { QueuedEvent } from '../../src/queue/queued-event.ts'

/** A queued event of some text; the text makes its id. */
export function aQueuedEvent(text: string, changes: Partial<QueuedEvent> = {}): QueuedEvent {
  return {
    id: createHash('sha256').update(text).digest('hex'),
    receivedAt: '2026-01-02T03:04:05.678Z',
    requestId: `request of ${text.slice(0, 20)}`,
    payload: gzipSync(text).toString('base64'),
    bytes: Buffer.byteLength(text),
    ...changes,
  }
}

/** As many different queued events. */
export function manyQueuedEvents(count: number, name = 'event'): QueuedEvent[] {
  return Array.from({ length: count }, (_, index) => aQueuedEvent(`${name} ${index}`))
}
