import type { Command } from 'commander'
import { addDoorOptions, openDoor, type CollectorDoor, type DoorFlags } from '../collector-door.ts'
import type { CommandSurroundings } from '../dead-letters.ts'
import { indentJson } from '../indent-json.ts'
import { toLook, type Look } from '../look.ts'
import { createPrinter } from '../print.ts'
import { exitCodes, runAtTerminal, type ExitCode, type Terminal } from '../terminal.ts'

export interface AskFlags extends DoorFlags {
  json?: true
}

/** What a command that asks the graph over HTTP has at hand. */
export interface Asking extends Terminal {
  door: CollectorDoor
  look: Look
  /** Results alone. */
  print: (text: string) => void
}

/** What a person is shown: the result, and what is said beside it. */
export interface Shown {
  result: string
  hints: readonly string[]
}

/** Adds a command with the options that all which ask have. */
export function addAskCommand(
  program: Command,
  { usage, description }: { usage: string; description: string },
): Command {
  return addDoorOptions(program.command(usage).description(description)).option('--json', 'print JSON')
}

/** Runs a command that asks. */
export async function runAsking(
  flags: AskFlags,
  surroundings: CommandSurroundings,
  work: (asking: Asking) => Promise<ExitCode>,
): Promise<void> {
  const { env, stdout } = surroundings
  await runAtTerminal(async (terminal) => {
    const door = await openDoor(flags, { env, signal: terminal.signal, scopes: ['read'] })
    return await work({ ...terminal, door, look: toLook(stdout, env), print: createPrinter(stdout) })
  }, surroundings)
}

export interface AnswerAsked {
  path: string
  query?: URLSearchParams
  json: true | undefined
  /** Leaves out of the answer what the collector could not be told to. */
  keep?: (answer: unknown) => unknown
}

/** Asks, and shows what is answered: as JSON for scripts, else in the words of `describe`. */
export async function showAnswer(
  { door, look, print, say }: Asking,
  { path, query, json, keep }: AnswerAsked,
  describe: (answer: unknown, look: Look) => Shown,
): Promise<ExitCode> {
  const whole = await door.ask('GET', toUrl(path, query))
  const text = keep === undefined ? whole : JSON.stringify(keep(JSON.parse(whole)))
  if (json === true) {
    print(indentJson(text))
    return exitCodes.done
  }
  const { result, hints } = describe(JSON.parse(text), look)
  if (result !== '') print(result)
  for (const hint of hints) say(hint)
  return exitCodes.done
}

export function toUrl(path: string, query: URLSearchParams = new URLSearchParams()): string {
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}

/** Collects the values of an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
