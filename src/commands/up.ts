import { ConfigError, readConfig, type Config } from '../config.ts'
import { readKeysAtStart } from '../http/api-keys.ts'
import { listenHost } from '../http/listen-host.ts'
import { toTlsFiles } from '../http/tls-files.ts'
import { runLocal } from '../local/run-local.ts'
import { readIdentityRules } from '../roles/identity-rules.ts'

/**
 * Runs until it is told to stop; what it says is for the person at the terminal.
 * @throws {ConfigError | LocalError} for what keeps it from starting
 */
export async function runUp(): Promise<void> {
  const stopping = new AbortController()
  // A terminal that goes away is no reason to leave Redis and Neo4j running.
  process.stdout.on('error', () => undefined)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopping.abort())
  const settings = readConfig(process.env)
  refuseTls(settings)
  // What would stop the roles stops us before anything is provisioned.
  readIdentityRules(settings)
  readKeysAtStart({ keys: settings.apiKeys, file: settings.apiKeysFile })
  await runLocal({
    settings,
    host: listenHost(settings),
    env: process.env,
    say: (text) => process.stdout.write(`${text}\n`),
    stopSignal: stopping.signal,
  })
}

/** @throws {ConfigError} for what a receiver of its own is needed for */
function refuseTls(settings: Config): void {
  if (toTlsFiles(settings) === undefined) return
  throw new ConfigError([
    'TLS_CERT_FILE is set, but `headwater up` speaks plain HTTP on this machine. Start `headwater serve` and `headwater work` for TLS.',
  ])
}
