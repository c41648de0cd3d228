import { createServer, type RequestListener, type Server } from 'node:http'
import { ConfigError } from '../config.ts'
import type { Logger } from '../logger.ts'

/** Longest time a request may take to arrive, headers and body; then the connection is closed. */
const requestMsMax = 60_000
const headersMsMax = 15_000
/** How often Node looks for requests above those two. */
const slowRequestsCheckMs = 5000
/** Above the minute that load balancers keep a connection, so that it is never us who close one in use. */
const keepAliveMs = 65_000
const closeIdleEveryMs = 50

export interface StartedServer {
  port: number
  /** Takes no new requests, lets those in flight finish, and cuts what is left after `closeMsMax`. */
  close(): Promise<void>
}

export interface ServerParts {
  app: RequestListener
  /** Undefined listens on all addresses. */
  host: string | undefined
  port: number
  log: Logger
  closeMsMax?: number
}

/**
 * Listens, and resolves once connections are taken.
 * @throws {ConfigError} where the port or the address cannot be had, with what to do
 */
export async function startServer({
  app,
  host,
  port,
  log,
  closeMsMax = 5000,
}: ServerParts): Promise<StartedServer> {
  const server = createServer(
    {
      requestTimeout: requestMsMax,
      headersTimeout: headersMsMax,
      connectionsCheckingInterval: slowRequestsCheckMs,
      keepAliveTimeout: keepAliveMs,
    },
    app,
  )
  await listen(server, { host, port })
  server.on('error', (err) => {
    log.error({ err }, 'server failed')
  })
  const actualPort = portOf(server)
  log.info({ host: host ?? 'all addresses', port: actualPort }, 'receiver listening')
  return { port: actualPort, close: () => closeServer(server, closeMsMax) }
}

function listen(server: Server, { host, port }: { host: string | undefined; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => {
      reject(new ConfigError([toListenMistake(error, { host, port })]))
    }
    server.once('error', refuse)
    server.listen({ port, ...(host !== undefined && { host }) }, () => {
      server.off('error', refuse)
      resolve()
    })
  })
}

function toListenMistake(
  error: NodeJS.ErrnoException,
  { host, port }: { host: string | undefined; port: number },
): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use. Set PORT to a free one, or stop what listens there.`
    case 'EACCES':
      return `Port ${port} needs more rights than this process has. Set PORT to one above 1023.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST is ${host ?? 'empty'}, which is no address of this machine. Set HOST to one of its own.`
    default:
      return `Cannot listen on port ${port}${host === undefined ? '' : ` of ${host}`} (PORT, HOST): ${error.message}.`
  }
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function closeServer(server: Server, closeMsMax: number): Promise<void> {
  return new Promise((resolve) => {
    // A connection becomes idle only when its answer is out: those busy now are closed one by one.
    const sweep = setInterval(() => {
      server.closeIdleConnections()
    }, closeIdleEveryMs)
    const cut = setTimeout(() => {
      server.closeAllConnections()
    }, closeMsMax)
    server.close(() => {
      clearInterval(sweep)
      clearTimeout(cut)
      resolve()
    })
  })
}
