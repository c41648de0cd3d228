import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { findFreePort, requireFreePorts } from '../../../src/local/ports.ts'

const redis = (port: number) => ({ port, host: '127.0.0.1', purpose: 'Redis', setting: 'REDIS_PORT' })
const bolt = (port: number) => ({ port, host: '127.0.0.1', purpose: 'Neo4j (Bolt)', setting: 'BOLT_PORT' })

describe('requireFreePorts', () => {
  let server: Server
  let busy: number

  beforeEach(async () => {
    busy = await findFreePort()
    server = createServer().listen(busy, '127.0.0.1')
    await once(server, 'listening')
  })
  afterEach(() => {
    server.close()
  })

  it('is content with ports that are free', async () => {
    const wanted = [redis(await findFreePort()), bolt(await findFreePort())]

    await expect(requireFreePorts(wanted)).resolves.toBeUndefined()
  })

  it('names the busy port, what it is for, and the setting', async () => {
    await expect(requireFreePorts([redis(await findFreePort()), bolt(busy)])).rejects.toThrow(
      `Port ${busy}, for Neo4j (Bolt), is in use. Stop what listens there, or set BOLT_PORT to another port.`,
    )
  })

  it('names every busy port at once', async () => {
    await expect(requireFreePorts([redis(busy), bolt(busy)])).rejects.toThrow(/REDIS_PORT[^]*BOLT_PORT/)
  })

  it('notices one port for two', async () => {
    const port = await findFreePort()

    await expect(requireFreePorts([redis(port), bolt(port)])).rejects.toThrow(`Port ${port} is set twice`)
  })
})

describe('findFreePort', () => {
  it('leaves alone the ports that systems give to outgoing connections', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, async () => await findFreePort()))

    expect(ports.filter((port) => port < 10_000 || port >= 32_768)).toEqual([])
  })
})
