import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/**
 * What becomes of the bytes. `cut`: connections are reset, and new ones too. `slow`: every piece waits. `hung`: nothing passes in either
 * direction, and goes on where it was. `deaf`: what is asked arrives, what is answered does not, and in the end the connection is reset:
 * nobody knows what was done.
 */
export type ProxyMode = 'pass' | 'cut' | 'slow' | 'hung' | 'deaf'

export interface TcpProxy {
  port: number
  set(mode: ProxyMode): void
  close(): void
}

const slowMs = 80

interface Link {
  client: Socket
  server: Socket
  /** Whether an answer of it was swallowed: what follows would make no sense. */
  isBroken: boolean
}

/** Stands between two processes, and harms what they say to each other. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  let mode: ProxyMode = 'pass'
  const links = new Set<Link>()
  const listener = createServer((client) => {
    if (mode === 'cut') {
      client.resetAndDestroy()
      return
    }
    const link = { client, server: connect({ port: targetPort, host: '127.0.0.1' }), isBroken: false }
    links.add(link)
    openLink(link, { modeOf: () => mode, onEnd: () => links.delete(link) })
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('a proxy has no port')

  return {
    port: address.port,
    set(next) {
      const before = mode
      mode = next
      for (const link of links) {
        if (mode === 'cut' || (link.isBroken && mode !== 'deaf')) reset(link)
        else if (before === 'hung') resume(link)
      }
    },
    close() {
      listener.close()
      for (const link of links) reset(link)
    },
  }
}

function openLink(link: Link, { modeOf, onEnd }: { modeOf: () => ProxyMode; onEnd: () => void }): void {
  const { client, server } = link
  const end = () => {
    client.destroy()
    server.destroy()
    onEnd()
  }
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    from.setNoDelay(true)
    from.on('error', end)
    from.on('close', end)
    from.on('end', () => to.end())
    from.on('data', (bytes) => {
      const mode = modeOf()
      if (mode === 'deaf' && from === server) {
        link.isBroken = true
        return
      }
      const isHeld = mode === 'hung' || mode === 'slow'
      if (isHeld) from.pause()
      // What has come already waits as well: it is sent once the mode allows it.
      if (mode === 'hung') from.unshift(bytes)
      else if (mode === 'slow') setTimeout(() => pass({ from, to, bytes }), slowMs)
      else pass({ from, to, bytes })
    })
  }
}

function pass({ from, to, bytes }: { from: Socket; to: Socket; bytes: Buffer }): void {
  if (to.destroyed) return
  const hasRoom = to.write(bytes)
  if (hasRoom) {
    from.resume()
    return
  }
  from.pause()
  to.once('drain', () => from.resume())
}

function resume({ client, server }: Link): void {
  client.resume()
  server.resume()
}

function reset({ client, server }: Link): void {
  client.resetAndDestroy()
  server.resetAndDestroy()
}
