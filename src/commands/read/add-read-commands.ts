import type { Command } from 'commander'
import type { CommandSurroundings } from '../dead-letters.ts'
import { addCypherCommand } from './cypher.ts'
import { addImpactCommand } from './impact.ts'
import { addLineageCommand } from './lineage.ts'
import { addPathCommand } from './path.ts'
import { addRunsCommand } from './runs.ts'
import { addSearchCommand } from './search.ts'
import { addThingCommands } from './things.ts'

/** Adds the commands that ask the graph over a collector's API. */
export function addReadCommands(program: Command, surroundings: CommandSurroundings): void {
  addLineageCommand(program, surroundings)
  addImpactCommand(program, surroundings)
  addPathCommand(program, surroundings)
  addSearchCommand(program, surroundings)
  addThingCommands(program, surroundings)
  addRunsCommand(program, surroundings)
  addCypherCommand(program, surroundings)
}
