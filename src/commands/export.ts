import { InvalidArgumentError, type Command } from 'commander'
import { graphOf } from '../roles/connections.ts'
import { createLogger } from '../logger.ts'
import { exportLines, type ExportCounts } from '../log/export-log.ts'
import type { LogFilter } from '../log/log-filter.ts'
import { countLog } from '../log/read-log.ts'
import { ReaderGone, writeLines } from '../log/write-lines.ts'
import { toPointInTime } from '../openlineage/point-in-time.ts'
import type { Instant } from '../openlineage/time.ts'
import { refuseDuringRebuild } from '../rebuild/rebuild-mark.ts'
import { checkpointChanges } from './checkpoint-changes.ts'
import { showProgress } from './progress.ts'
import { readStoreConfig } from './store-config.ts'
import { exitCodes, runAtTerminal, type ExitCode, type Terminal } from './terminal.ts'

interface ExportFlags {
  from?: string
  to?: string
  jobNamespace?: string
  job?: string
  producer?: string
  envelope?: true
  gzip?: true
}

/** Adds `headwater export`. */
export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('write the log, the events as they were received, as lines of JSON')
    .argument('[file]', 'where to; stdout without it, gzip where it ends in .gz')
    .option(
      '--from <time>',
      'events of this eventTime and later ones: a time, a day, or 90m, 24h, 7d ago',
      readTime,
    )
    .option('--to <time>', 'events before this eventTime', readTime)
    .option('--job <name>', 'events of the job of this name: of its runs, and its JobEvents')
    .option('--job-namespace <namespace>', 'events of jobs in this namespace')
    .option('--producer <text>', 'events whose producer has this in it')
    .option('--envelope', 'keep everything: id, time of arrival and the exact text of events, and changes')
    .option('--gzip', 'compress')
    .action((file: string | undefined, flags: ExportFlags) =>
      runAtTerminal((terminal) => runExport(file, flags, terminal)),
    )
}

async function runExport(
  file: string | undefined,
  flags: ExportFlags,
  { signal, say }: Terminal,
): Promise<ExitCode> {
  const config = await readStoreConfig(process.env)
  const graph = graphOf(config, createLogger({ name: 'export', level: 'silent' }))
  const filter = toFilter(flags)
  const counts: ExportCounts = { events: 0, changes: 0, records: 0, rewritten: 0, damaged: [] }
  try {
    if (filter.job !== undefined) await refuseDuringRebuild(graph)
    const total = await countLog(graph, filter)
    const progress = showProgress({ what: 'export', unit: 'events', total })
    try {
      const onScanned = (events: number) => progress.set(events)
      const envelope = flags.envelope === true
      const checkpoint = () => checkpointChanges(graph)
      const lines = exportLines(graph, { filter, envelope, checkpoint, onScanned }, counts)
      const gzip = flags.gzip === true || file?.endsWith('.gz') === true
      await writeLines(lines, { path: file, gzip, signal })
    } finally {
      progress.stop()
    }
  } catch (error) {
    if (!(error instanceof ReaderGone)) throw error
    return exitCodes.failed
  } finally {
    await graph.close()
  }
  return report(counts, say)
}

function report(
  { events, changes, records, rewritten, damaged }: ExportCounts,
  say: Terminal['say'],
): ExitCode {
  const withChanges = changes === 0 ? '' : ` and ${changes} changes`
  say(`${events} events${withChanges} exported.`)
  if (records > 0)
    say(`${records} records of the checkpoint went with them: import with --changes takes them.`)
  if (rewritten > 0)
    say(
      `${rewritten} of them had line breaks and went out on one line; --envelope keeps such texts, and their ids.`,
    )
  for (const sentence of damaged) say(sentence)
  return damaged.length === 0 ? exitCodes.done : exitCodes.incomplete
}

function toFilter({ from, to, producer, job, jobNamespace }: ExportFlags): LogFilter {
  const isOfJob = job !== undefined || jobNamespace !== undefined
  return {
    from,
    before: to,
    producer,
    job: isOfJob ? { name: job, namespace: jobNamespace } : undefined,
  }
}

function readTime(text: string): Instant {
  const instant = toPointInTime(text, Date.now())
  if (instant !== undefined) return instant
  throw new InvalidArgumentError('It is no time. Write 2026-11-22, 2026-11-22T10:30:00Z, or 24h or 7d ago.')
}
