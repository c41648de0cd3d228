import type { Command } from 'commander'
import { readFile } from 'node:fs/promises'
import { text as readText } from 'node:stream/consumers'
import type { Scope } from '../http/access.ts'
import { isJsonObject } from '../openlineage/json-object.ts'
import { actOnEach, actOnMany, lettersPath, past } from './act-on-letters.ts'
import { addDoorOptions, openDoor, type CollectorDoor, type DoorFlags } from './collector-door.ts'
import { describeGroups, describeLetter, describeList } from './describe-letters.ts'
import { editText } from './edit-text.ts'
import { indentJson } from './indent-json.ts'
import type { MaybeTerminal } from './look.ts'
import { pickFlags } from './pick-flags.ts'
import { createPrinter } from './print.ts'
import { OptionError, exitCodes, runAtTerminal, type ExitCode, type Terminal } from './terminal.ts'

interface FilterFlags {
  producer?: string
  kind?: string
  from?: string
  to?: string
}

interface ListFlags extends DoorFlags, FilterFlags {
  limit?: string
  cursor?: string
  groups?: true
  json?: true
}

interface SelectFlags extends DoorFlags, FilterFlags {
  all?: true
  json?: true
}

export interface CommandSurroundings {
  env: NodeJS.ProcessEnv
  stdout: MaybeTerminal
  stderr: MaybeTerminal
}

interface At extends Terminal {
  door: CollectorDoor
  env: NodeJS.ProcessEnv
  /** Results alone. */
  print: (text: string) => void
}

const filterNames = ['producer', 'kind', 'from', 'to'] as const

/** Adds `headwater dead-letters` with its commands. */
export function addDeadLetterCommands(program: Command, surroundings: CommandSurroundings): void {
  const { env, stdout } = surroundings
  const group = program
    .command('dead-letters')
    .description('look at events that could not be merged, and retry, edit or drop them')
  const runWith =
    (scopes: readonly Scope[]) => async (flags: DoorFlags, work: (at: At) => Promise<ExitCode>) =>
      await runAtTerminal(async (terminal) => {
        const door = await openDoor(flags, { env, signal: terminal.signal, scopes })
        return await work({ ...terminal, env, door, print: createPrinter(stdout) })
      }, surroundings)
  const look = runWith(['read'])
  const change = runWith(['read', 'admin'])
  const add = (usage: string, description: string) =>
    addDoorOptions(group.command(usage).description(description)).option('--json', 'print JSON')

  addFilterOptions(add('list', 'list them, the newest first'))
    .option('--limit <count>', 'how many at a time (50)')
    .option('--cursor <cursor>', 'go on where an earlier list ended')
    .option('--groups', 'count them by kind and producer instead')
    .action(async (flags: ListFlags) => await look(flags, async (at) => await list(at, flags)))
  add('show <id>', 'explain one: the reason, where it lies, what to do; the beginning of an id will do')
    .option('--no-event', 'leave out the event itself')
    .action(async (id: string, flags: DoorFlags & { json?: true; event: boolean }) => {
      await look(flags, async (at) => await show(at, id, flags))
    })
  addFilterOptions(add('retry [ids...]', 'put them back into the queue'))
    .option('--all', 'all of them')
    .action(async (ids: string[], flags: SelectFlags) => {
      await change(flags, async (at) => await act(at, 'retry', ids, flags))
    })
  add('edit <id>', 'edit the event of one and queue it instead')
    .option('--file <file>', 'take the edited event from a file instead of opening an editor; - is stdin')
    .action(async (id: string, flags: DoorFlags & { json?: true; file?: string }) => {
      await change(flags, async (at) => await edit(at, id, flags))
    })
  addFilterOptions(add('drop [ids...]', 'give them up: their events will never be in the graph'))
    .option('--all', 'all of them')
    .action(async (ids: string[], flags: SelectFlags) => {
      await change(flags, async (at) => await act(at, 'drop', ids, flags))
    })
}

function addFilterOptions(command: Command): Command {
  return command
    .option('--producer <text>', 'whose producer has this in it')
    .option('--kind <kind>', 'of this kind, such as EVENT_AHEAD')
    .option('--from <time>', 'that first failed at this time or later: a time, a day, or 90m, 24h, 7d ago')
    .option('--to <time>', 'that first failed before this time')
}

async function list({ door, print, say }: At, flags: ListFlags): Promise<ExitCode> {
  const query = new URLSearchParams(pickFlags(flags, filterNames))
  if (flags.limit !== undefined) query.set('limit', flags.limit)
  if (flags.cursor !== undefined) query.set('cursor', flags.cursor)
  const isGrouped = flags.groups === true
  const text = await door.ask(
    'GET',
    isGrouped ? `${lettersPath}/groups` : `${lettersPath}?${query.toString()}`,
  )
  if (flags.json === true) {
    print(indentJson(text))
    return exitCodes.done
  }
  const { table, hint } = isGrouped ? describeGroups(JSON.parse(text)) : describeList(JSON.parse(text))
  if (table !== '') print(table)
  if (hint !== '') say(hint)
  return exitCodes.done
}

async function show(
  { door, print }: At,
  id: string,
  { json, event }: { json?: true; event: boolean },
): Promise<ExitCode> {
  const text = await door.ask('GET', `${lettersPath}/${encodeURIComponent(id)}`)
  print(json === true ? indentJson(text) : describeLetter(text, { withEvent: event }))
  return exitCodes.done
}

async function act(
  { door, say, print }: At,
  verb: 'retry' | 'drop',
  ids: readonly string[],
  flags: SelectFlags,
): Promise<ExitCode> {
  const filter = pickFlags(flags, filterNames)
  const isSelected = flags.all === true || Object.keys(filter).length > 0
  if (ids.length > 0 === isSelected) {
    throw new OptionError(`Say which to ${verb}: either ids, or --all, or options such as --kind.`)
  }
  const options = { door, verb, say: flags.json === true ? () => {} : say }
  const { done, failed } = isSelected ? await actOnMany(filter, options) : await actOnEach(ids, options)
  if (flags.json === true) print(JSON.stringify({ [past[verb]]: done, failed }))
  return failed.length === 0 ? exitCodes.done : exitCodes.incomplete
}

async function edit(at: At, id: string, flags: { json?: true; file?: string }): Promise<ExitCode> {
  const { door, say, env } = at
  const path = `${lettersPath}/${encodeURIComponent(id)}`
  if (flags.file !== undefined) return await queueEdited(at, path, await readEdited(flags.file), flags)
  const before = indentJson(await door.ask('GET', `${path}/event`))
  const edited = await editText(`${before}\n`, { name: `${id.slice(0, 12)}.json`, env })
  if (edited.text.trim() === before) {
    await edited.remove()
    say('Nothing was changed: the letter stays as it is.')
    return exitCodes.done
  }
  try {
    const code = await queueEdited(at, path, edited.text.trim(), flags)
    await edited.remove()
    return code
  } catch (error) {
    say(`Your text is kept: headwater dead-letters edit ${id} --file ${edited.path}`)
    throw error
  }
}

async function queueEdited(
  { door, say, print }: At,
  path: string,
  text: string,
  { json }: { json?: true },
): Promise<ExitCode> {
  const answer = await door.ask('POST', `${path}/retry`, text)
  if (json === true) {
    print(indentJson(answer))
    return exitCodes.done
  }
  const parsed: unknown = JSON.parse(answer)
  const { id, warnings } = isJsonObject(parsed) ? parsed : {}
  say(`Queued as ${String(id)}.`)
  for (const warning of Array.isArray(warnings) ? warnings : []) {
    if (isJsonObject(warning)) say(`  warning: ${String(warning['pointer'])} ${String(warning['detail'])}`)
  }
  return exitCodes.done
}

async function readEdited(file: string): Promise<string> {
  return (file === '-' ? await readText(process.stdin) : await readFile(file, 'utf8')).trim()
}
