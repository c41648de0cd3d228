import type { IncomingMessage } from 'node:http'
import { RequestAbandoned } from '../http/error-handler.ts'

export interface Chunks {
  chunks: Buffer[]
  /** False where more than the limit has come: the request then stands paused, its rest unread. */
  ended: boolean
}

/** Reads on until the body ends, or until more than `bytesMax` have come. */
export function readChunks(request: IncomingMessage, bytesMax: number): Promise<Chunks> {
  return new Promise((resolve, reject) => {
    if (request.destroyed) {
      reject(new RequestAbandoned())
      return
    }
    const chunks: Buffer[] = []
    let bytes = 0
    const stop = () => {
      request.off('data', onData).off('end', onEnd).off('close', onClose)
    }
    const onData = (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes <= bytesMax) return
      stop()
      request.pause()
      resolve({ chunks, ended: false })
    }
    const onEnd = () => {
      stop()
      resolve({ chunks, ended: true })
    }
    const onClose = () => {
      stop()
      reject(new RequestAbandoned())
    }
    request.on('data', onData).on('end', onEnd).on('close', onClose)
  })
}

export function joinChunks(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks)
}
