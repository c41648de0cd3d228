import { Argument, type Command } from 'commander'
import { openDoor } from '../collector-door.ts'
import type { CommandSurroundings } from '../dead-letters.ts'
import { createPrinter } from '../print.ts'
import { toBash } from './bash.ts'
import { toShape, type CommandShape } from './command-shape.ts'
import { findCandidates } from './find-candidates.ts'
import { toFish } from './fish.ts'
import { nodesCommand } from './nodes-command.ts'
import { toZsh } from './zsh.ts'

const scripts: Readonly<Record<string, (program: CommandShape) => string>> = {
  bash: toBash,
  zsh: toZsh,
  fish: toFish,
}

/** A shell waits for its candidates while somebody types. */
const candidatesMsMax = 1500

/** Adds `headwater completion`, to be added last: it completes what is there before it. */
export function addCompletionCommand(program: Command, { env, stdout }: CommandSurroundings): void {
  program
    .command('completion')
    .description('print a script that completes commands, options and ids in a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(scripts)))
    .addHelpText(
      'after',
      `
Once, or in the file that the shell reads at its start:
  bash  source <(headwater completion bash)
  zsh   source <(headwater completion zsh)
  fish  headwater completion fish | source`,
    )
    .action((shell: string) => {
      createPrinter(stdout)(scripts[shell]?.(toShape(program)).trimEnd() ?? '')
    })
  program.command(`${nodesCommand} [word]`, { hidden: true }).action(async (word = '') => {
    // No collector, no key, no answer in time: nothing to offer, and nothing to say in the middle of somebody's line.
    const door = openDoor({}, { env, signal: AbortSignal.timeout(candidatesMsMax), scopes: ['read'] })
    const candidates = await door.then((one) => findCandidates(String(word), one)).catch(() => [])
    if (candidates.length > 0) createPrinter(stdout)(candidates.join('\n'))
  })
}
