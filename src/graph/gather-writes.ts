import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Socket } from 'node:net'

/*
 * neo4j-driver hands each 1,400 bytes to its socket by themselves, so that a batch of a few megabytes takes thousands of system
 * calls: they were a fifth of a worker's time. Node.js tells of every socket that is opened (`net.client.socket`); what is written to
 * those that lead to Neo4j within one turn of the event loop goes out together.
 */

const opened = 'net.client.socket'
/** Who asked for it, until they are done. */
const asked = new Set<{ port: number }>()

/**
 * From now on, gathers what is written on plain connections to this port. Those with TLS are left as they are.
 * @returns what ends it, for connections that are opened after that
 */
export function gatherWrites(port: number): () => void {
  const asking = { port }
  if (asked.size === 0) subscribe(opened, gatherWhenConnected)
  asked.add(asking)
  return () => {
    asked.delete(asking)
    if (asked.size === 0) unsubscribe(opened, gatherWhenConnected)
  }
}

function gatherWhenConnected(message: unknown): void {
  const socket = toSocket(message)
  socket?.once('connect', () => {
    if ([...asked].some(({ port }) => port === socket.remotePort)) gather(socket)
  })
}

function toSocket(message: unknown): Socket | undefined {
  const isAboutSocket = typeof message === 'object' && message !== null && 'socket' in message
  return isAboutSocket && message.socket instanceof Socket ? message.socket : undefined
}

function gather(socket: Socket): void {
  // oxlint-disable-next-line typescript/unbound-method -- the proxy hands on what it is called on
  socket.write = new Proxy(socket.write, {
    apply(write, target: Socket, args) {
      if (target.writableCorked === 0) {
        target.cork()
        process.nextTick(() => target.uncork())
      }
      return Reflect.apply(write, target, args)
    },
  })
}
