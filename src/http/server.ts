import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { ConfigError } from '../config.ts'
import type { Logger } from '../logger.ts'
import { keepTlsFresh, readTlsAtStart, toContextOptions, type TlsFiles } from './tls-files.ts'

/** How often Node looks for requests that take too long, where they may take longer. */
const slowRequestsCheckMsMax = 5000
/** Above the minute that load balancers keep a connection, so that it is never us who close one in use. */
const keepAliveMs = 65_000
const closeIdleEveryMs = 50
const dropsSaidEveryMs = 10_000

export interface StartedServer {
  port: number
  /** Takes no new requests, lets those in flight finish, and cuts what is left after `closeMsMax`. */
  close(): Promise<void>
}

/** What one client, and all of them together, may take of us. */
export interface ServerLimits {
  /** Beyond it a new connection is closed at once. */
  connectionsMax: number
  /** Of the first line and the headers together; more is answered 431. */
  headerBytesMax: number
  /** Longest time for headers to arrive, and for a whole request; then the answer is 408, and the connection is closed. */
  headersMsMax: number
  requestMsMax: number
}

export const defaultLimits: ServerLimits = {
  connectionsMax: 10_000,
  headerBytesMax: 16 * 1024,
  headersMsMax: 15_000,
  requestMsMax: 60_000,
}

export interface ServerParts {
  app: RequestListener
  /** Undefined listens on all addresses. */
  host: string | undefined
  port: number
  log: Logger
  limits?: ServerLimits
  /** Undefined for plain HTTP. */
  tls?: TlsFiles | undefined
  /** How often its files are looked at. */
  rereadMs?: number
  closeMsMax?: number
}

/**
 * Listens, and resolves once connections are taken.
 * @throws {ConfigError} where the port or the address cannot be had, with what to do
 */
export async function startServer(parts: ServerParts): Promise<StartedServer> {
  const { host, port, log, limits = defaultLimits, closeMsMax = 5000 } = parts
  const { server, stopReading } = createOne(parts, limits)
  server.maxConnections = limits.connectionsMax
  await listen(server, { host, port }).catch((error: unknown) => {
    stopReading()
    throw error
  })
  server.on('error', (err) => {
    log.error({ err }, 'server failed')
  })
  const noteDrop = sayNowAndThen(dropsSaidEveryMs, (dropped) => {
    log.warn({ dropped, connectionsMax: limits.connectionsMax }, 'connections refused')
  })
  server.on('drop', noteDrop)
  const actualPort = portOf(server)
  log.info(
    { host: host ?? 'all addresses', port: actualPort, tls: parts.tls !== undefined },
    'receiver listening',
  )
  return {
    port: actualPort,
    close: async () => {
      stopReading()
      await closeServer(server, closeMsMax)
    },
  }
}

/** Plain, or over TLS with files that are read again whenever they change. */
function createOne(
  { app, tls, log, rereadMs }: ServerParts,
  limits: ServerLimits,
): { server: Server; stopReading: () => void } {
  const options = toServerOptions(limits)
  if (tls === undefined) return { server: createServer(options, app), stopReading: () => {} }
  const first = readTlsAtStart(tls)
  const handshakeTimeout = limits.headersMsMax
  const server = createTlsServer({ ...options, ...toContextOptions(first), handshakeTimeout }, app)
  const stopReading = keepTlsFresh(server, {
    files: tls,
    first,
    log,
    ...(rereadMs !== undefined && { rereadMs }),
  })
  return { server, stopReading }
}

function toServerOptions({ headerBytesMax, headersMsMax, requestMsMax }: ServerLimits): ServerOptions {
  return {
    maxHeaderSize: headerBytesMax,
    requestTimeout: requestMsMax,
    // Node demands it: headers are a part of the request.
    headersTimeout: Math.min(headersMsMax, requestMsMax),
    connectionsCheckingInterval: Math.min(slowRequestsCheckMsMax, headersMsMax, requestMsMax),
    keepAliveTimeout: keepAliveMs,
  }
}

/** Counts, and says the count at once and then at most once in so many milliseconds. */
function sayNowAndThen(ms: number, say: (count: number) => void): () => void {
  let count = 0
  let saidAt = -Infinity
  return () => {
    count += 1
    if (performance.now() - saidAt < ms) return
    say(count)
    count = 0
    saidAt = performance.now()
  }
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
