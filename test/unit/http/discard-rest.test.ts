import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { discardRest } from '../../../src/http/discard-rest.ts'
import { send } from '../receive/receiver.ts'

let server: Server

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

function start(limits: { bytesMax?: number; msMax?: number }): Promise<number> {
  server = createServer((request, response) => {
    response.writeHead(413).end('no')
    discardRest(request, limits)
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' ? (address?.port ?? 0) : 0)
    })
  })
}

function cutOff(port: number, body: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const startedAt = performance.now()
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.resume()
    socket.on('close', () => resolve(performance.now() - startedAt))
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n')
    socket.write(body)
  })
}

describe('discardRest', () => {
  it('takes the rest, so that the client comes to read the answer', async () => {
    const port = await start({})

    const answer = await send({ port, body: Buffer.alloc(20_000_000) })

    expect([answer.status, answer.text]).toEqual([413, 'no'])
  })

  it('cuts a body that goes on and on', async () => {
    const port = await start({ bytesMax: 1_000_000 })

    expect(await cutOff(port, Buffer.alloc(5_000_000))).toBeLessThan(2000)
  })

  it('cuts a body that never ends', async () => {
    const port = await start({ msMax: 100 })

    const ms = await cutOff(port, Buffer.alloc(10))

    expect(ms).toBeGreaterThan(90)
    expect(ms).toBeLessThan(2000)
  })
})
