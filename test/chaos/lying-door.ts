import { once } from 'node:events'
import { createServer } from 'node:http'

/**
 * A receiver as it must not be: it answers 201 at once, and only then hands the event on, without looking what becomes of it. It stands
 * in front of the real one where somebody wants to see that the suite finds a loss.
 */
export async function startLyingDoor(receiverPort: number): Promise<{ port: number; close: () => void }> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      response.writeHead(201, { 'content-type': 'application/json' }).end('{}')
      fetch(`http://127.0.0.1:${receiverPort}${request.url}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: Buffer.concat(pieces),
      }).catch(() => undefined)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the lying door has no port')
  return {
    port: address.port,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
