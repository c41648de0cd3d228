#!/usr/bin/env node
import { Command } from 'commander'
import { addCompletionCommand } from './commands/completion/add-completion-command.ts'
import { addDeadLetterCommands } from './commands/dead-letters.ts'
import { addEraseCommand } from './commands/erase.ts'
import { addExportCommand } from './commands/export.ts'
import { addIdentityCommands } from './commands/identity.ts'
import { addImportCommand } from './commands/import.ts'
import { addKeysCommands } from './commands/keys.ts'
import { addProducersCommand } from './commands/producers.ts'
import { addReadCommands } from './commands/read/add-read-commands.ts'
import { addRebuildCommand } from './commands/rebuild.ts'
import { addRetentionCommand } from './commands/retention.ts'
import { ConfigError, readConfig, settingLines, type Config } from './config.ts'
import { readKeysAtStart } from './http/api-keys.ts'
import { listenHost } from './http/listen-host.ts'
import { toTlsFiles } from './http/tls-files.ts'
import { runLocal } from './local/run-local.ts'
import { onSupervisorGone, tellSupervisorReady } from './local/supervisor-link.ts'
import { createLogger, type Logger } from './logger.ts'
import { readIdentityRules } from './roles/identity-rules.ts'
import { keepHeapSmall } from './roles/keep-heap-small.ts'
import type { Role } from './roles/role.ts'
import { startReceiver } from './roles/serve.ts'
import { startWorker } from './roles/work.ts'

const program = new Command('headwater')
  .description('An OpenLineage collector: lineage events in over HTTP, a Neo4j lineage graph out.')
  .addHelpText('after', toSettingsHelp())

program
  .command('up')
  .description('provision and run everything on this machine: Redis, Neo4j, a receiver, two workers')
  .action(runUp)

program
  .command('serve')
  .description('start a receiver: takes events over HTTP and queues them in Redis')
  .action(() => {
    keepHeapSmall()
    return runRole('receiver', startReceiver)
  })

program
  .command('work')
  .description('start a worker: merges queued events into Neo4j')
  .action(() => {
    keepHeapSmall()
    return runRole('worker', startWorker)
  })

const surroundings = { env: process.env, stdout: process.stdout, stderr: process.stderr }
addDeadLetterCommands(program, surroundings)
addIdentityCommands(program, surroundings)
addProducersCommand(program, surroundings)
addKeysCommands(program, { ...surroundings, stdin: process.stdin })
addReadCommands(program, surroundings)
addExportCommand(program)
addImportCommand(program)
addRebuildCommand(program)
addRetentionCommand(program)
addEraseCommand(program)
addCompletionCommand(program, surroundings)

await program.parseAsync()

/** Runs until it is told to stop; what it says is for the person at the terminal. */
async function runUp(): Promise<void> {
  const stopping = new AbortController()
  // A terminal that goes away is no reason to leave Redis and Neo4j running.
  process.stdout.on('error', () => undefined)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopping.abort())
  try {
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
  } catch (error) {
    fail(error)
  }
}

/** @throws {ConfigError} for what a receiver of its own is needed for */
function refuseTls(settings: Config): void {
  if (toTlsFiles(settings) === undefined) return
  throw new ConfigError([
    'TLS_CERT_FILE is set, but `headwater up` speaks plain HTTP on this machine. Start `headwater serve` and `headwater work` for TLS.',
  ])
}

/** Starts a role and stops it on SIGTERM or SIGINT; what keeps it from starting is said, with exit code 1, or 2 for a setting. */
async function runRole(name: string, start: (config: Config, log: Logger) => Promise<Role>): Promise<void> {
  try {
    const config = readConfig(process.env)
    const log = createLogger({ name, level: config.logLevel })
    // What nobody awaited is a fault of ours, and no reason to lose the events that others are sending.
    process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'promise was rejected unseen'))
    const role = await start(config, log)
    stopOnSignal(role, log)
    tellSupervisorReady()
  } catch (error) {
    fail(error)
  }
}

function stopOnSignal(role: Role, log: Logger): void {
  let isStopping = false
  const stop = (reason: string) => {
    if (isStopping) return
    isStopping = true
    log.info({ reason }, 'stopping')
    role.close().then(
      () => {
        log.info('stopped')
        process.exit(0)
      },
      (error: unknown) => {
        log.error({ err: error }, 'stopped with an error')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  onSupervisorGone(() => stop('supervisor gone'))
}

function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`headwater: ${message}\n`)
  process.exit(error instanceof ConfigError ? 2 : 1)
}

function toSettingsHelp(): string {
  const width = Math.max(...settingLines.map(({ name }) => name.length))
  const lines = settingLines.map(
    ({ name, defaultText, sentence }) =>
      `  ${name.padEnd(width)}  ${sentence}${defaultText === '' ? '' : ` (${defaultText})`}`,
  )
  return `\nSettings, from the environment:\n${lines.join('\n')}`
}
