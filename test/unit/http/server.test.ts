import { Agent, type RequestListener } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigError } from '../../../src/config.ts'
import { startServer, type ServerLimits, type StartedServer } from '../../../src/http/server.ts'
import { createTestLog, send } from '../receive/receiver.ts'

const log = createTestLog([])
const host = '127.0.0.1'
const answerAfter =
  (ms: number): RequestListener =>
  (_request, response) => {
    setTimeout(() => response.end('done'), ms)
  }

const start = (app: RequestListener, closeMsMax = 1000): Promise<StartedServer> =>
  startServer({ app, host, port: 0, log, closeMsMax })

describe('startServer', () => {
  it('says which port it got', async () => {
    const server = await start(answerAfter(0))

    const answer = await send({ port: server.port, method: 'GET', path: '/' })
    await server.close()

    expect(answer.text).toBe('done')
  })

  it('tells of a busy port which one it is, and which setting changes it', async () => {
    const first = await start(answerAfter(0))

    const second = startServer({ app: answerAfter(0), host, port: first.port, log })

    await expect(second).rejects.toThrow(ConfigError)
    await expect(second).rejects.toThrow(`Port ${first.port} is in use. Set PORT`)
    await first.close()
  })

  it.each(['203.0.113.77', 'no-such-host.invalid'])(
    'tells that %s is no address of this machine',
    async (other) => {
      const server = startServer({ app: answerAfter(0), host: other, port: 0, log })

      await expect(server).rejects.toThrow(`HOST is ${other}`)
    },
  )

  it('keeps a connection longer than load balancers do', async () => {
    const server = await start(answerAfter(0))
    const agent = new Agent({ keepAlive: true })

    const answer = await send({ port: server.port, method: 'GET', path: '/', agent })
    agent.destroy()
    await server.close()

    expect(answer.headers['keep-alive']).toBe('timeout=65')
  })
})

/** What a server answers to bytes, until it closes the connection. */
function answerTo(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(port, host, () => socket.write(bytes))
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })
}

describe('the limits', () => {
  const limits: ServerLimits = {
    connectionsMax: 2,
    headerBytesMax: 1024,
    headersMsMax: 200,
    requestMsMax: 400,
  }
  const startLimited = (logged: string[]) =>
    startServer({ app: answerAfter(0), host, port: 0, log: createTestLog(logged), limits, closeMsMax: 100 })

  it('close a connection whose headers do not come to an end', async () => {
    const server = await startLimited([])

    const startedAt = performance.now()
    const answer = await answerTo(server.port, 'GET / HTTP/1.1\r\nHost: x\r\n')
    await server.close()

    expect(answer).toContain('408 Request Timeout')
    expect(performance.now() - startedAt).toBeLessThan(2000)
  })

  it('close a connection whose body does not come to an end', async () => {
    const server = await startServer({
      app: (request, response) => {
        request.on('end', () => response.end()).resume()
      },
      host,
      port: 0,
      log,
      limits,
      closeMsMax: 100,
    })

    const answer = await answerTo(server.port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n123')
    await server.close()

    expect(answer).toContain('408 Request Timeout')
  })

  it('refuse headers that are too long', async () => {
    const server = await startLimited([])

    const answer = await answerTo(
      server.port,
      `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(1024)}\r\n\r\n`,
    )
    await server.close()

    expect(answer).toContain('431 Request Header Fields Too Large')
  })

  it('close connections beyond the most there may be, and say so once', async () => {
    const logged: string[] = []
    const server = await startLimited(logged)
    const open = [connect(server.port, host), connect(server.port, host)].map((socket) =>
      socket.on('error', () => {}),
    )
    await sleep(50)

    const answers = await Promise.all([answerTo(server.port, ''), answerTo(server.port, '')])
    for (const socket of open) socket.destroy()
    await server.close()

    expect(answers).toEqual(['', ''])
    expect(logged.filter((line) => line.includes('connections refused'))).toHaveLength(1)
  })
})

describe('close', () => {
  it('lets a request in flight finish', async () => {
    const server = await start(answerAfter(300))

    const answer = send({ port: server.port, method: 'GET', path: '/' })
    await sleep(50)
    await server.close()

    expect((await answer).text).toBe('done')
  })

  it('takes no new connections', async () => {
    const server = await start(answerAfter(300))
    const first = send({ port: server.port, method: 'GET', path: '/' })
    await sleep(50)

    const closed = server.close()
    const second = send({ port: server.port, method: 'GET', path: '/' })

    await expect(second).rejects.toThrow('ECONNREFUSED')
    await first
    await closed
  })

  it('does not wait for idle connections, nor for those that become idle', async () => {
    const server = await start(answerAfter(100), 5000)
    const agent = new Agent({ keepAlive: true })
    await send({ port: server.port, method: 'GET', path: '/', agent })
    const busy = send({ port: server.port, method: 'GET', path: '/', agent: new Agent({ keepAlive: true }) })
    await sleep(20)

    const startedAt = performance.now()
    await server.close()

    expect(performance.now() - startedAt).toBeLessThan(1000)
    expect((await busy).text).toBe('done')
    agent.destroy()
  })

  it('cuts what does not end in time', async () => {
    const server = await start(() => {}, 100)
    const answer = send({ port: server.port, method: 'GET', path: '/' })
    const failure = answer.catch((error: unknown) => String(error))
    await sleep(20)

    const startedAt = performance.now()
    await server.close()

    expect(performance.now() - startedAt).toBeLessThan(500)
    expect(await failure).toContain('socket hang up')
  })

  it('frees the port for the next start', async () => {
    const first = await start(answerAfter(0))
    const { port } = first
    const idle = connect(port, host).on('error', () => {})
    await sleep(20)
    await first.close()

    const second = await startServer({ app: answerAfter(0), host, port, log })
    await second.close()
    idle.destroy()

    expect(second.port).toBe(port)
  })
})
