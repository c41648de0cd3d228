import type { LoggedChange } from './logged-event.ts'
import type { ImportReport, ReportLine } from './import-report.ts'
import type { ImportState } from './import-state.ts'
import { toRecords } from './input-records.ts'
import { readInput } from './input-stream.ts'
import { readRecord } from './record-content.ts'
import type { EventSender } from './send-events.ts'

/** Most events, and characters of their texts, of one request. */
const requestEventsMax = 200
const requestCharactersMax = 4 * 1024 * 1024

export interface FileImport {
  /** `-` is stdin. */
  path: string
  /** Where to begin; moved on as records are settled. */
  state: ImportState
  sender: EventSender
  /** Writes changes into the graph; undefined where there is none to write to. */
  takeChanges: ((changes: readonly LoggedChange[]) => Promise<void>) | undefined
  report: ImportReport
  /** Hears how many bytes of the file were read. */
  onRead: (bytes: number) => void
  /** Hears after each request. */
  onSettled: (state: ImportState) => Promise<void>
}

interface WaitingEvent {
  line: number
  text: string
}

/**
 * Sends the events of a file, from where the state says on. What is refused, and what is no event, goes into the report; the rest
 * goes on.
 * @throws {CollectorClosed} where nothing is taken any more: the state says how far it came
 */
export async function importFile(task: FileImport): Promise<void> {
  const { path, state, report } = task
  const done = state.records
  const waiting = { events: [] as WaitingEvent[], characters: 0, troubles: [] as ReportLine[], renamed: 0 }
  let records = 0

  const settle = async () => {
    const events = waiting.events.splice(0)
    const troubles = waiting.troubles.splice(0)
    const refusals = events.length === 0 ? [] : await task.sender.send(events.map(({ text }) => text))
    const refused = refusals.map(({ index, reason }) => toLine(path, events[index]?.line ?? 0, reason))
    await report.add([...troubles, ...refused].toSorted((a, b) => a.line - b.line))
    state.events += events.length - refusals.length
    state.refused += refusals.length + troubles.length
    state.renamed += waiting.renamed
    waiting.characters = 0
    waiting.renamed = 0
  }
  const confirm = async () => {
    await settle()
    state.records = records
    state.reportBytes = report.bytes()
    await task.onSettled(state)
  }

  let line = 1
  const onDamage = (reason: string) =>
    waiting.troubles.push(toLine(path, line, `is the last line: ${reason}`))
  for await (const record of toRecords(readInput({ ...task, onDamage }))) {
    records += 1
    line = record.line
    if (records <= done) continue
    const content =
      'trouble' in record
        ? { events: [], changes: [], troubles: [record.trouble], renamed: 0 }
        : readRecord(record.text)
    waiting.troubles.push(...content.troubles.map((reason) => toLine(path, line, reason)))
    waiting.troubles.push(...(await takeChanges(task, content.changes, line)))
    waiting.renamed += content.renamed
    for (const text of content.events) {
      const isFull =
        waiting.events.length >= requestEventsMax || waiting.characters + text.length > requestCharactersMax
      // In the middle of a record: it is not settled yet, and would come again whole.
      if (isFull && waiting.events.length > 0) await settle()
      waiting.events.push({ line, text })
      waiting.characters += text.length
    }
    const isEnough =
      waiting.events.length + waiting.troubles.length >= requestEventsMax ||
      waiting.characters >= requestCharactersMax
    if (isEnough) await confirm()
  }
  await confirm()
}

async function takeChanges(
  { path, state, takeChanges: take }: FileImport,
  changes: readonly LoggedChange[],
  line: number,
): Promise<ReportLine[]> {
  if (changes.length === 0) return []
  if (take === undefined) {
    return [toLine(path, line, 'is a change made by people: --changes writes it into the graph of NEO4J_URI')]
  }
  await take(changes)
  state.changes += changes.length
  return []
}

function toLine(file: string, line: number, reason: string): ReportLine {
  return { file, line, reason }
}
