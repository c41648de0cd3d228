import type { Config } from '../config.ts'
import { writeConnection, type Connection } from './connection-file.ts'
import { toDataDir, type DataDir } from './data-dir.ts'
import type { Environment } from './find-program.ts'
import { keepRunning, type KeptChild } from './keep-running.ts'
import { findFreePort } from './ports.ts'
import { toRolePlans } from './role-plans.ts'
import type { StoreSettings } from './stores.ts'
import { toWelcome } from './welcome.ts'
import { withStores } from './with-stores.ts'

export type LocalSettings = StoreSettings &
  Pick<Config, 'dataDir' | 'port' | 'apiKeys' | 'apiKeysFile' | 'shutdownMsMax'>

export interface LocalStart {
  settings: LocalSettings
  /** The address that the receiver will listen on; undefined means all. */
  host: string | undefined
  /** Handed on to everything that is started. */
  env: Environment
  /** Shows a line, or several, to who started it. */
  say: (text: string) => void
  /** Ends it all: what runs is stopped in order. */
  stopSignal: AbortSignal
}

/**
 * `headwater up`: provides, starts and supervises Redis, Neo4j, the workers and the receiver, until `stopSignal` is aborted.
 * Resolves when all have stopped.
 * @throws {LocalError} saying what is wrong and what to do; nothing is left running, nothing half made
 */
export async function runLocal(start: LocalStart): Promise<void> {
  const { settings, host, env, say, stopSignal } = start
  const dataDir = toDataDir(settings.dataDir)
  const port = settings.port === 0 ? await findFreePort() : settings.port
  await withStores({
    start: { settings, dataDir, programDirs: [dataDir.root], env, say, stopSignal },
    otherPorts: [{ port, host, purpose: 'the receiver', setting: 'PORT' }],
    use: async (stores, keep) => {
      const connection = { ...stores, collectorUrl: `http://${toUrlHost(host)}:${port}` }
      await writeConnection(dataDir.connectionPath, connection)
      await startRoles({ start, dataDir, connection, port }, keep)
      say(toWelcome(toWelcomeParts(settings, dataDir, connection)))
      await untilAborted(stopSignal)
    },
  })
}

interface RolesStart {
  start: LocalStart
  dataDir: DataDir
  connection: Connection & { collectorUrl: string }
  port: number
}

async function startRoles(
  { start, dataDir, connection, port }: RolesStart,
  keep: (child: KeptChild) => void,
) {
  const { env, say } = start
  const { shutdownMsMax } = start.settings
  const plans = toRolePlans({ connection, port, shutdownMsMax, dataDir, env, say })
  for (const plan of plans) keep(await keepRunning(plan, start))
}

function toWelcomeParts(settings: LocalSettings, dataDir: DataDir, connection: RolesStart['connection']) {
  const { apiKeys, apiKeysFile, neo4jUri, neo4jHttpPort } = settings
  return {
    connection,
    connectionPath: dataDir.connectionPath,
    logsDir: dataDir.logsDir,
    hasKeys: apiKeys.length > 0 || apiKeysFile !== '',
    browserUrl: neo4jUri === '' ? `http://127.0.0.1:${neo4jHttpPort}` : undefined,
    now: new Date(),
  }
}

async function untilAborted(stopSignal: AbortSignal): Promise<void> {
  if (stopSignal.aborted) return
  await new Promise<void>((resolve) => stopSignal.addEventListener('abort', () => resolve(), { once: true }))
}

/** Where this machine reaches a server that listens on an address. */
export function toUrlHost(host: string | undefined): string {
  if (host === undefined || host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
