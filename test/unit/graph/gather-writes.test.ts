import { hasSubscribers } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { gatherWrites } from '../../../src/graph/gather-writes.ts'

/** As many as neo4j-driver makes of a megabyte. */
const parts = Array.from({ length: 750 }, (_, index) => Buffer.alloc(1400, index % 256))

let server: Server
let received: Buffer[]

beforeEach(async () => {
  received = []
  server = createServer((socket) => socket.on('data', (data) => received.push(data)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(() => server.close())

/** Sends all parts in one turn, and tells whether they waited for each other. */
async function send(): Promise<boolean> {
  const client = connect(portOf(server), '127.0.0.1')
  await once(client, 'connect')
  for (const part of parts) client.write(part)
  const isWaiting = client.writableCorked > 0
  client.end()
  await once(client, 'close')
  return isWaiting
}

function portOf(listening: Server): number {
  const address = listening.address()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

describe('gatherWrites', () => {
  it('sends what is written in one turn together, every byte in its place', async () => {
    const gatherNoMore = gatherWrites(portOf(server))

    expect(await send()).toBe(true)
    expect(Buffer.concat(received).equals(Buffer.concat(parts))).toBe(true)
    gatherNoMore()
  })

  it('goes on until the last who asked is done, and then listens to no connection', async () => {
    const isHeardByOthers = hasSubscribers('net.client.socket')
    const endings = [gatherWrites(portOf(server)), gatherWrites(portOf(server))]
    endings[0]?.()
    endings[0]?.()

    expect(await send()).toBe(true)
    endings[1]?.()
    expect(await send()).toBe(false)
    expect(hasSubscribers('net.client.socket')).toBe(isHeardByOthers)
  })

  it('leaves connections to other ports alone', async () => {
    const gatherNoMore = gatherWrites(portOf(server) - 1)

    expect(await send()).toBe(false)
    expect(Buffer.concat(received).equals(Buffer.concat(parts))).toBe(true)
    gatherNoMore()
  })
})
