import type { Config } from '../config.ts'
import type { Graph } from '../graph/connection.ts'
import { isPassingTrouble } from '../graph/passing-trouble.ts'
import type { Logger } from '../logger.ts'
import type { LogPosition } from '../log/logged-event.ts'
import { countLog, type LogReading } from '../log/read-log.ts'
import { mergeBytesMax } from '../queue/event-worker.ts'
import { createMergeBatcher } from '../queue/merge-batcher.ts'
import { replayLog } from '../rebuild/replay-log.ts'
import { createMerge } from '../roles/merge-queued.ts'
import { createEventValidator } from '../validate/validate-event.ts'
import { showProgress } from './progress.ts'
import { exitCodes, type ExitCode, type Terminal } from './terminal.ts'

export interface ReplayParts {
  source: Graph
  target: Graph
  config: Config
  log: Logger
  terminal: Terminal
  /** What becomes of an event that cannot be merged any more, beside being named. */
  onUnmerged?: (id: string) => Promise<void>
}

export interface ReplayRun extends LogReading {
  /** How many events an earlier run has merged. */
  merged: number
  onMerged: (position: LogPosition, merged: number) => Promise<void>
}

/** The merging of a log, as the workers would do it, with its progress on the terminal. */
export function createReplay({ source, target, config, log, terminal, onUnmerged }: ReplayParts) {
  const unmerged: string[] = []
  const { merge, prepare } = createMerge(target, {
    facetBytesMax: config.facetBytesMax,
    eventAheadHoursMax: undefined,
  })
  let tried = 0
  const giveUp = async (id: string, reason: string) => {
    await onUnmerged?.(id)
    unmerged.push(`${id}: ${reason}`)
  }

  async function run({ merged, onMerged, ...reading }: ReplayRun): Promise<void> {
    const batcher = createMergeBatcher({
      merge,
      prepare,
      isPassing: isPassingTrouble,
      giveUp: async ({ id }, { reason }) => await giveUp(id, reason),
      eventsMax: config.mergeEventsMax,
      bytesMax: mergeBytesMax,
      writers: config.mergeWriters,
      log,
    })
    const total = await countLog(source, reading.filter ?? {})
    const progress = showProgress({ what: 'rebuild', unit: 'events', total })
    let scanned = merged
    try {
      await replayLog(source, {
        ...reading,
        batcher,
        validate: createEventValidator({ strict: false }),
        onUnreadable: async (id, reason) => {
          tried += 1
          await giveUp(id, reason)
        },
        onMerged: async (position, more, looked) => {
          await onMerged(position, looked)
          tried += more
          scanned += looked
          progress.set(scanned)
        },
        signal: terminal.signal,
      })
    } finally {
      progress.stop()
    }
  }

  return {
    run,
    /** Says what was merged, and what could not be. */
    report(): ExitCode {
      terminal.say(`${tried - unmerged.length} events merged.`)
      for (const line of unmerged) terminal.say(`Not merged, kept in the log: ${line}`)
      return unmerged.length === 0 ? exitCodes.done : exitCodes.incomplete
    },
  }
}
