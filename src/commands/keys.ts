import { randomBytes } from 'node:crypto'
import { text as readAll } from 'node:stream/consumers'
import type { Command } from 'commander'
import { readKeyLine, toHashedKey } from '../http/key-line.ts'
import type { CommandSurroundings } from './dead-letters.ts'
import { createPrinter } from './print.ts'
import { exitCodes, runAtTerminal, type ExitCode, type Terminal } from './terminal.ts'

/** By it a key is known for one, to whoever looks for secrets in repositories and logs. */
const keyMark = 'hw_'
const keyBytes = 32
const mayDescription = 'what it may do: send, read, admin, namespaces=…; everything where nothing is said'

export interface KeysSurroundings extends CommandSurroundings {
  stdin: NodeJS.ReadableStream
}

/** Adds `headwater keys`. */
export function addKeysCommands(program: Command, surroundings: KeysSurroundings): void {
  const { stdin, stdout } = surroundings
  const print = createPrinter(stdout)
  const keys = program.command('keys').description('API keys, of which the collector keeps only the hash')
  keys
    .command('new')
    .description('make a key: print it, and the line for API_KEYS_FILE, which has its hash in its place')
    .argument('[may...]', mayDescription)
    .action(async (may: readonly string[]) => {
      await runAtTerminal(async ({ say }) => {
        const key = keyMark + randomBytes(keyBytes).toString('base64url')
        return await Promise.resolve(
          printLine({ key, may, say }, (line) => {
            say('The key, for who sends or asks. It is shown this once:')
            print(key)
            say('Its line, for API_KEYS_FILE:')
            print(line)
          }),
        )
      }, surroundings)
    })
  keys
    .command('hash')
    .description('print the line of a key that is there already, read from stdin, with its hash in its place')
    .argument('[may...]', mayDescription)
    .action(async (may: readonly string[]) => {
      await runAtTerminal(async ({ say }) => {
        const key = (await readAll(stdin)).trim()
        if (!/^\S+$/.test(key)) throw new Error('Write one key to stdin, without blanks in it.')
        return printLine({ key, may, say }, print)
      }, surroundings)
    })
}

/** The line is only printed where a receiver would take it. */
function printLine(
  { key, may, say }: { key: string; may: readonly string[]; say: Terminal['say'] },
  show: (line: string) => void,
): ExitCode {
  const line = [toHashedKey(key), ...may].join(' ')
  const { mistakes } = readKeyLine(line)
  for (const mistake of mistakes) say(`headwater: ${mistake}`)
  if (mistakes.length > 0) return exitCodes.misconfigured
  show(line)
  return exitCodes.done
}
