import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { toErrorCode } from './error-code.ts'
import { LocalError } from './local-error.ts'

const firstOfServers = 10_000
const endOfServers = 32_768
const triesMax = 100

export interface WantedPort {
  port: number
  /** Undefined means all addresses. */
  host: string | undefined
  /** What listens there: 'Neo4j (Bolt)'. */
  purpose: string
  /** The setting that changes it. */
  setting: string
}

/** @throws {LocalError} naming every port that something else listens on, and the setting that changes it */
export async function requireFreePorts(wanted: readonly WantedPort[]): Promise<void> {
  const faults: string[] = []
  for (const one of wanted) {
    const code = await tryToListen(one)
    if (code !== undefined) faults.push(toFault(one, code))
  }
  const twice = wanted.find(({ port }, index) => wanted.findIndex((other) => other.port === port) < index)
  if (twice !== undefined) {
    faults.push(`Port ${twice.port} is set twice. Set ${twice.setting} to another port.`)
  }
  if (faults.length > 0) throw new LocalError(faults.join('\n'))
}

/**
 * A port that nothing listens on at this moment, and that no outgoing connection takes before we do: the system gives those a port from
 * 32,768 on (Linux; others from 49,152), which is also where it looks for whoever asks for port 0.
 * @throws {LocalError} when none is found
 */
export async function findFreePort(): Promise<number> {
  let code: string | undefined
  for (let tries = 0; tries < triesMax; tries += 1) {
    const port = randomInt(firstOfServers, endOfServers)
    code = await tryToListen({ port, host: '127.0.0.1' })
    if (code === undefined) return port
  }
  throw new LocalError(`No free port was found on 127.0.0.1 in ${triesMax} tries (${code}).`)
}

function toFault({ port, host, purpose, setting }: WantedPort, code: string): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port}, for ${purpose}, is in use. Stop what listens there, or set ${setting} to another port.`
  }
  if (code === 'EACCES') {
    return `Port ${port}, for ${purpose}, is not allowed to this user. Set ${setting} to a port above 1023.`
  }
  return `Port ${port}${host === undefined ? '' : ` on ${host}`}, for ${purpose}, cannot be had (${code}). Set ${setting} to another port.`
}

async function tryToListen({ port, host }: Pick<WantedPort, 'port' | 'host'>): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(toErrorCode(error) ?? error.message))
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
}
