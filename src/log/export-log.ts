import type { Graph } from '../graph/connection.ts'
import { readChanges } from './changes.ts'
import type { LogFilter } from './log-filter.ts'
import type { LoggedChange, LoggedEvent } from './logged-event.ts'
import { DamagedPayload, toChangeLine, toEnvelopeLine, toPlainLine } from './log-lines.ts'
import { readLog } from './read-log.ts'

export interface ExportOptions {
  filter: LogFilter
  /** Lines that keep everything, and changes too; without it each line is an event. */
  envelope: boolean
  /** What else takes part in a backup, as changes: what was said by events that are in the log no more. */
  checkpoint: () => AsyncIterable<LoggedChange[]>
  /** Hears how many events were looked at so far. */
  onScanned: (events: number) => void
}

/** What an export has written, filled while it goes on. */
export interface ExportCounts {
  events: number
  changes: number
  /** Records of the checkpoint. */
  records: number
  /** Events that went out as another text than they came in, for the sake of one line each. */
  rewritten: number
  /** What is wrong with events that could not go out. */
  damaged: string[]
}

/** The lines of an export, in the order of the log; changes before all events, since these were merged under them. */
export async function* exportLines(
  graph: Graph,
  { filter, envelope, checkpoint, onScanned }: ExportOptions,
  counts: ExportCounts,
): AsyncGenerator<string, void> {
  if (envelope) {
    for (const change of await readChanges(graph)) {
      if (!isWithin(change.at, filter)) continue
      counts.changes += 1
      yield `${toChangeLine(change)}\n`
    }
  }
  let scanned = 0
  for await (const page of readLog(graph, { filter })) {
    for (const event of page.events) {
      const line = toLine(event, envelope, counts)
      if (line !== undefined) yield `${line}\n`
    }
    scanned += page.scanned
    onScanned(scanned)
  }
  if (!envelope || !isWhole(filter)) return
  // Behind the log: what retention has taken out of it meanwhile is in it by now.
  for await (const page of checkpoint()) {
    for (const record of page) {
      counts.records += 1
      yield `${toChangeLine(record)}\n`
    }
  }
}

/** A record tells of no time, producer or job alone. */
function isWhole({ from, before, producer, job }: LogFilter): boolean {
  return [from, before, producer, job].every((wanted) => wanted === undefined)
}

function toLine(event: LoggedEvent, envelope: boolean, counts: ExportCounts): string | undefined {
  try {
    const { line, isRewritten } = envelope
      ? { line: toEnvelopeLine(event), isRewritten: false }
      : toPlainLine(event)
    counts.events += 1
    if (isRewritten) counts.rewritten += 1
    return line
  } catch (error) {
    if (!(error instanceof DamagedPayload)) throw error
    counts.damaged.push(error.message)
    return undefined
  }
}

/** A change has no producer and no job: where these are asked for, only events are. */
function isWithin(at: string, { from, before, producer, job }: LogFilter): boolean {
  if (producer !== undefined || job !== undefined) return false
  return (from === undefined || at >= from) && (before === undefined || at < before)
}
