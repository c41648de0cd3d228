import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:tls'
import { connectGraph } from '../../../src/graph/connection.ts'
import { silent } from '../../support/graph.ts'

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url))
const boltMagic = '6060b017'

let server: Server
let port: number
/** The first bytes of each client, after TLS. */
let heard: string[]

beforeEach(async () => {
  heard = []
  server = createServer({ cert: fixture('first.pem'), key: fixture('first.key') }, (socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (chunk: Buffer) => {
      heard.push(chunk.subarray(0, 4).toString('hex'))
      socket.destroy()
    })
  })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterEach(async () => {
  server.close()
  await once(server, 'close')
})

async function troubleAt(uri: string): Promise<string> {
  const graph = connectGraph({ uri, user: 'neo4j', password: 's3cr3t', database: 'neo4j' }, silent)
  try {
    return await graph.verify().then(
      () => '',
      (error: unknown) => String(error),
    )
  } finally {
    await graph.close()
  }
}

describe('NEO4J_URI', () => {
  it.each(['bolt+ssc', 'neo4j+ssc'])('speaks Bolt inside of TLS with %s://', async (scheme) => {
    const trouble = await troubleAt(`${scheme}://127.0.0.1:${port}`)

    expect(heard).toContain(boltMagic)
    expect(trouble).not.toBe('')
  })

  it.each(['bolt+s', 'neo4j+s'])(
    'says nothing to a server whose certificate nobody vouches for, with %s://',
    async (scheme) => {
      const trouble = await troubleAt(`${scheme}://127.0.0.1:${port}`)

      expect(heard).toEqual([])
      expect(trouble).toMatch(/certificate|routing/i)
    },
  )
})
