import type { IncomingMessage } from 'node:http'

const discardBytesMax = 256 * 1024 * 1024
const discardMsMax = 10_000

/**
 * Takes the rest of a body off the wire after an early answer. Clients read the answer only when they have sent all:
 * a connection closed before that looks like a broken pipe to them, and the reason is lost.
 */
export function discardRest(
  request: IncomingMessage,
  { bytesMax = discardBytesMax, msMax = discardMsMax }: { bytesMax?: number; msMax?: number } = {},
): void {
  if (request.readableEnded || request.destroyed) return
  const { socket } = request
  let bytes = 0
  const cut = () => {
    socket.destroy()
  }
  const timer = setTimeout(cut, msMax)
  const stop = () => {
    clearTimeout(timer)
    socket.off('close', stop)
  }
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > bytesMax) cut()
  })
  request.once('end', stop)
  // Once its answer is out, Node no longer tells a request that its connection has gone.
  socket.once('close', stop)
  request.resume()
}
