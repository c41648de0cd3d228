import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Command } from 'commander'
import { importFile } from '../log/import-file.ts'
import { openReport } from '../log/import-report.ts'
import {
  readFileMark,
  readState,
  toFreshState,
  writeState,
  type FileMark,
  type ImportState,
} from '../log/import-state.ts'
import { createEventSender, type EventSender } from '../log/send-events.ts'
import { openChangeTaker, type ChangeTaker } from './change-taker.ts'
import { addDoorOptions, findDoor, type DoorFlags } from './collector-door.ts'
import { showProgress } from './progress.ts'
import { exitCodes, OptionError, runAtTerminal, type ExitCode, type Terminal } from './terminal.ts'

interface ImportFlags extends DoorFlags {
  changes?: true
  notesDir?: string
  again?: true
}

const stdin = '-'
const bytesPerMb = 1_000_000

/** Adds `headwater import`. */
export function addImportCommand(program: Command): void {
  const command = program
    .command('import')
    .description(
      'send the events of files to a collector: what Headwater, Marquez or an OpenLineage client wrote',
    )
    .argument('<file...>', 'lines of JSON, JSON documents or arrays, plain or gzip; - for stdin')
  addDoorOptions(command)
    .option('--changes', 'write what people had changed into the graph of NEO4J_URI; else it is left out')
    .option(
      '--notes-dir <dir>',
      'where to keep how far it is, and what was left out; default: beside each file',
    )
    .option('--again', 'begin at the beginning, also where an earlier import was interrupted or done')
    .action((files: string[], flags: ImportFlags) =>
      runAtTerminal((terminal) => runImport(files, flags, terminal)),
    )
}

async function runImport(files: string[], flags: ImportFlags, terminal: Terminal): Promise<ExitCode> {
  // A name that is wrong shall not show after an hour.
  for (const file of files) if (file !== stdin) await requireFile(file)
  const door = await findDoor(flags, { env: process.env, scopes: ['send'] })
  const changes = await openChangeTaker(flags.changes === true, terminal.signal)
  let refused = 0
  try {
    for (const path of files) refused += await importOne({ path, door, flags, changes, terminal })
  } finally {
    await changes.close()
  }
  return refused === 0 ? exitCodes.done : exitCodes.incomplete
}

async function requireFile(path: string): Promise<void> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
  if (!isFile) throw new OptionError(`${path} is no file.`)
}

interface OneImport {
  path: string
  door: { base: string; key: string | undefined }
  flags: ImportFlags
  changes: ChangeTaker
  terminal: Terminal
}

/** Returns how many of its records and events were left out. */
async function importOne(one: OneImport): Promise<number> {
  const { path, door, terminal } = one
  const notes = toNotes(one)
  const file = path === stdin ? { size: 0, start: '' } : await readFileMark(path)
  const earlier = await findEarlier(one, notes.state, file)
  if (earlier?.isDone === true) {
    terminal.say(`${path} was imported before, says ${notes.state}; --again imports it once more.`)
    return earlier.refused
  }
  if (earlier !== undefined) terminal.say(`${path}: goes on after ${earlier.records} records.`)
  const state = earlier ?? toFreshState(file, door.base)
  const report = await openReport(notes.report, state.reportBytes)
  const progress = showProgress({ what: `import ${basename(path)}`, unit: 'MB', total: toMb(file.size) })
  const save = async () => {
    if (path !== stdin) await writeState(notes.state, state)
  }
  try {
    const sender = toSender({ door, signal: terminal.signal, say: progress.say })
    const onRead = (bytes: number) => progress.set(toMb(bytes))
    const takeChanges = one.changes.take
    await importFile({ path, state, sender, takeChanges, report, onRead, onSettled: save })
    state.isDone = true
    await save()
  } finally {
    progress.stop()
    await report.close()
  }
  sayDone(state, { path, report: notes.report, say: terminal.say })
  return state.refused
}

/** The files that are kept about an import. */
function toNotes({ path, flags }: OneImport): { state: string; report: string } {
  const dir = flags.notesDir ?? (path === stdin ? '.' : dirname(path))
  const name = join(dir, path === stdin ? 'stdin' : basename(path))
  return { state: `${name}.import-state.json`, report: `${name}.import-report.ndjson` }
}

async function findEarlier(
  { path, door, flags }: OneImport,
  statePath: string,
  file: FileMark,
): Promise<ImportState | undefined> {
  return path === stdin || flags.again === true ? undefined : await readState(statePath, file, door.base)
}

function toSender({
  door: { base, key },
  signal,
  say,
}: Pick<OneImport, 'door'> & Pick<Terminal, 'signal' | 'say'>): EventSender {
  const onOutage = (reason: string) => say(`The collector takes nothing at the moment, trying on: ${reason}`)
  return createEventSender({ url: base, apiKey: key, signal, onOutage })
}

function sayDone(
  { events, changes, refused, renamed }: ImportState,
  { path, report, say }: { path: string; report: string; say: Terminal['say'] },
): void {
  const withChanges = changes === 0 ? '' : `, ${changes} changes taken`
  say(`${path}: ${events} events sent${withChanges}, ${refused} left out.`)
  if (renamed > 0) {
    say(`${path}: ${renamed} events have another id than their envelope says: their text was changed.`)
  }
  if (refused > 0) say(`${path}: what was left out stands in ${report}, with the reasons.`)
}

function toMb(bytes: number): number {
  return Math.ceil(bytes / bytesPerMb)
}
