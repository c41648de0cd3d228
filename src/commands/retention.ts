import type { Command } from 'commander'
import type { Config } from '../config.ts'
import type { Graph } from '../graph/connection.ts'
import { prepareGraph } from '../graph/prepare-graph.ts'
import { createLogger } from '../logger.ts'
import { refuseDuringRebuild } from '../rebuild/rebuild-mark.ts'
import { addRemoved, noneRemoved, previewRetention, retain, type RemovedCounts } from '../retention/retain.ts'
import { takeTurn } from '../retention/take-turn.ts'
import { graphOf } from '../roles/connections.ts'
import { createToFacts, isRetaining, toRetentionLimits } from '../roles/retention-parts.ts'
import { readStoreConfig } from './store-config.ts'
import { exitCodes, OptionError, runAtTerminal, type ExitCode, type Terminal } from './terminal.ts'

interface RetentionFlags {
  eventsDays?: string
  runsDays?: string
  versionsDays?: string
  dryRun?: true
}

/** Adds `headwater retention`. */
export function addRetentionCommand(program: Command): void {
  program
    .command('retention')
    .description('remove old events, runs and versions now; what they say of jobs and datasets stays')
    .option('--events-days <days>', 'days for which events are kept; default: RETENTION_EVENTS_DAYS')
    .option('--runs-days <days>', 'days for which runs are kept; default: RETENTION_RUNS_DAYS')
    .option(
      '--versions-days <days>',
      'days for which runs are kept that tell when a version began or ceased to hold; default: RETENTION_VERSIONS_DAYS',
    )
    .option('--dry-run', 'remove nothing, say how much would go')
    .action((flags: RetentionFlags) => runAtTerminal((terminal) => runRetention(flags, terminal)))
}

async function runRetention(flags: RetentionFlags, terminal: Terminal): Promise<ExitCode> {
  const config = withFlags(await readStoreConfig(process.env), flags)
  if (!isRetaining(config))
    throw new OptionError(
      'Everything is kept: set RETENTION_EVENTS_DAYS or RETENTION_RUNS_DAYS, or say --events-days or --runs-days.',
    )
  const log = createLogger({ name: 'retention', level: 'warn', to: 'stderr' })
  const graph = graphOf(config, log)
  try {
    await prepareGraph(graph, log)
    await refuseDuringRebuild(graph)
    if (flags.dryRun !== true) return await remove(graph, config, terminal)
    const limits = toRetentionLimits(config, Date.now())
    const counts = await previewRetention(graph, { limits, signal: terminal.signal })
    process.stdout.write(toText(counts, 'would be removed'))
    return exitCodes.done
  } finally {
    await graph.close()
  }
}

async function remove(graph: Graph, config: Config, { signal, say }: Terminal): Promise<ExitCode> {
  const turn = await takeTurn(graph, { name: 'retention', everySeconds: 0 })
  if (turn === undefined) {
    say(
      'headwater: retention is under way in another process: wait for it, or a minute where that has ended.',
    )
    return exitCodes.failed
  }
  const counts = noneRemoved()
  const unreadable: string[] = []
  let isDone = false
  try {
    await retain(graph, {
      limits: toRetentionLimits(config, Date.now()),
      toFacts: await createToFacts(config),
      confirm: turn.confirm,
      onRemoved: (removed) => addRemoved(counts, removed),
      onUnreadable: (id) => unreadable.push(id),
      signal,
    })
    isDone = true
  } finally {
    await turn.end({ isDone }).catch(() => undefined)
    process.stdout.write(toText(counts, 'removed'))
  }
  for (const id of unreadable) say(`Cannot be read any more, kept: event ${id}`)
  return unreadable.length === 0 ? exitCodes.done : exitCodes.incomplete
}

function toText({ events, runs, datasetVersions, testResults }: RemovedCounts, verb: string): string {
  return `${verb}:\n  ${events} events\n  ${runs} runs\n  ${datasetVersions} versions of datasets\n  ${testResults} results of tests\n`
}

function withFlags(config: Config, { eventsDays, runsDays, versionsDays }: RetentionFlags): Config {
  return {
    ...config,
    retentionEventsDays: toDays('--events-days', eventsDays, config.retentionEventsDays),
    retentionRunsDays: toDays('--runs-days', runsDays, config.retentionRunsDays),
    retentionVersionsDays: toDays('--versions-days', versionsDays, config.retentionVersionsDays),
  }
}

function toDays(flag: string, said: string | undefined, otherwise: number): number {
  if (said === undefined) return otherwise
  const days = Number(said)
  if (/^\d+$/.test(said) && Number.isSafeInteger(days)) return days
  throw new OptionError(`${flag} must be a whole number of days, not "${said}".`)
}
