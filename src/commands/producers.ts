import type { Command } from 'commander'
import { addDoorOptions, openDoor, type DoorFlags } from './collector-door.ts'
import type { CommandSurroundings } from './dead-letters.ts'
import { describeProducers } from './describe-producers.ts'
import { indentJson } from './indent-json.ts'
import { pickFlags } from './pick-flags.ts'
import { createPrinter } from './print.ts'
import { exitCodes, runAtTerminal } from './terminal.ts'

interface ProducersFlags extends DoorFlags {
  from?: string
  to?: string
  unended?: string
  producer?: string
  json?: true
}

const parameters = ['from', 'to', 'unended', 'producer'] as const

/** Adds `headwater producers`. */
export function addProducersCommand(program: Command, surroundings: CommandSurroundings): void {
  const { env, stdout } = surroundings
  addDoorOptions(program.command('producers'))
    .description('report what each integration and version sends, and what is missing of it')
    .option('--from <time>', 'events of this time and later: a time, a day, or 90m, 24h, 7d ago (7d)')
    .option('--to <time>', 'events before this time')
    .option('--unended <duration>', 'after how long a run should have ended (24h)')
    .option('--producer <text>', 'producers with this in their URI')
    .option('--json', 'print JSON')
    .action(async (flags: ProducersFlags) => {
      await runAtTerminal(async ({ signal, say }) => {
        const door = await openDoor(flags, { env, signal, scopes: ['read'] })
        const query = new URLSearchParams(pickFlags(flags, parameters))
        const text = await door.ask('GET', `/api/v2/producers?${query.toString()}`)
        const print = createPrinter(stdout)
        if (flags.json === true) {
          print(indentJson(text))
          return exitCodes.done
        }
        const { table, hint } = describeProducers(JSON.parse(text))
        if (table !== '') print(table)
        if (hint !== '') say(hint)
        return exitCodes.done
      }, surroundings)
    })
}
