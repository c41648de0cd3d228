import type { Command } from 'commander'
import { addCompletionCommand } from './completion/add-completion-command.ts'
import { addDeadLetterCommands } from './dead-letters.ts'
import { addEraseCommand } from './erase.ts'
import { addExportCommand } from './export.ts'
import { addIdentityCommands } from './identity.ts'
import { addImportCommand } from './import.ts'
import { addKeysCommands } from './keys.ts'
import { addProducersCommand } from './producers.ts'
import { addReadCommands } from './read/add-read-commands.ts'
import { addRebuildCommand } from './rebuild.ts'
import { addRetentionCommand } from './retention.ts'

/** Everything that a person asks of a collector at the terminal. */
export function addCommands(program: Command): void {
  const surroundings = { env: process.env, stdout: process.stdout, stderr: process.stderr }
  addDeadLetterCommands(program, surroundings)
  addIdentityCommands(program, surroundings)
  addProducersCommand(program, surroundings)
  addKeysCommands(program, { ...surroundings, stdin: process.stdin })
  addReadCommands(program, surroundings)
  addExportCommand(program)
  addImportCommand(program)
  addRebuildCommand(program)
  addRetentionCommand(program)
  addEraseCommand(program)
  addCompletionCommand(program, surroundings)
}
