#!/usr/bin/env node
import { Command } from 'commander'
import { ConfigError, readConfig, settingLines, type Config } from './config.ts'
import { onSupervisorGone, tellSupervisorReady } from './local/supervisor-link.ts'
import { createLogger, type Logger } from './logger.ts'
import { keepHeapSmall } from './roles/keep-heap-small.ts'
import type { Role } from './roles/role.ts'

const program = new Command('headwater')
  .description('An OpenLineage collector: lineage events in over HTTP, a Neo4j lineage graph out.')
  .addHelpText('after', toSettingsHelp())

program
  .command('up')
  .description('provision and run everything on this machine: Redis, Neo4j, a receiver, two workers')
  .action(async () => {
    const { runUp } = await import('./commands/up.ts')
    await runUp().catch(fail)
  })

program
  .command('serve')
  .description('start a receiver: takes events over HTTP and queues them in Redis')
  .action(async () => {
    const { startReceiver } = await import('./roles/serve.ts')
    await runRole('receiver', startReceiver)
  })

program
  .command('work')
  .description('start a worker: merges queued events into Neo4j')
  .action(async () => {
    const { startWorker } = await import('./roles/work.ts')
    await runRole('worker', startWorker)
  })

// A process that lives long has nothing in its memory but what it needs: what belongs to other commands is not loaded.
if (!program.commands.some((command) => command.name() === process.argv[2])) {
  const { addCommands } = await import('./commands/add-commands.ts')
  addCommands(program)
}

await program.parseAsync()

/** Starts a role and stops it on SIGTERM or SIGINT; what keeps it from starting is said, with exit code 1, or 2 for a setting. */
async function runRole(name: string, start: (config: Config, log: Logger) => Promise<Role>): Promise<void> {
  keepHeapSmall()
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
