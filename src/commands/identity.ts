import { userInfo } from 'node:os'
import { InvalidArgumentError, type Command } from 'commander'
import { stringify } from 'yaml'
import type { Config } from '../config.ts'
import type { Graph } from '../graph/connection.ts'
import { migrateGraph } from '../graph/migrate.ts'
import { createLogger } from '../logger.ts'
import { putRules, type PutRules } from '../merge/put-rules.ts'
import { createRuleBook, findRules, toLinkingRules, type RulesInForce } from '../merge/rules-in-force.ts'
import { sweepNames } from '../merge/sweep-names.ts'
import { patiently } from '../graph/patiently.ts'
import { graphOf } from '../roles/connections.ts'
import { readIdentityRules } from '../roles/identity-rules.ts'
import { previewRules } from './identity-preview.ts'
import { toPreviewText } from './identity-text.ts'
import type { CommandSurroundings } from './dead-letters.ts'
import type { MaybeTerminal } from './look.ts'
import { createPrinter } from './print.ts'
import { showProgress } from './progress.ts'
import { readStoreConfig } from './store-config.ts'
import { exitCodes, runAtTerminal, type ExitCode, type Terminal } from './terminal.ts'

/** Links listed of each kind, unless somebody asks for more. */
const LISTED_DEFAULT = 20
/** Links listed at most: a list is kept in memory until it is whole. */
const LISTED_MAX = 100_000

interface FileFlags {
  file?: string
}

interface At extends Terminal {
  config: Config
  stderr: MaybeTerminal
  /** Results alone. */
  print: (text: string) => void
}

/** Adds `headwater identity` with its commands. */
export function addIdentityCommands(program: Command, surroundings: CommandSurroundings): void {
  const { env, stdout, stderr } = surroundings
  const run = async (flags: FileFlags, work: (at: At) => Promise<ExitCode>) =>
    await runAtTerminal(async (terminal) => {
      const stored = await readStoreConfig(env)
      const config = flags.file === undefined ? stored : { ...stored, identityFile: flags.file }
      return await work({ ...terminal, config, stderr, print: createPrinter(stdout) })
    }, surroundings)
  const identity = program
    .command('identity')
    .description('see and change the rules that say which names are one thing')
  identity
    .command('show')
    .description('print the rules in force, as an identity.yaml')
    .action(async () => await run({}, showRules))
  identity
    .command('preview')
    .description('tell what the rules of the file would join and part, and change nothing')
    .option('--file <path>', 'the file, instead of IDENTITY_FILE')
    .option('--limit <number>', `links listed of each kind, ${LISTED_MAX} at most`, readLimit, LISTED_DEFAULT)
    .option('--json', 'print JSON')
    .action(async (flags: PreviewFlags) => await run(flags, async (at) => await preview(at, flags)))
  identity
    .command('apply')
    .description('put the rules of the file in force, and link all names under them; workers may go on')
    .option('--file <path>', 'the file, instead of IDENTITY_FILE')
    .option('--by <name>', 'who does it, for the log of changes', readUserName())
    .action(async (flags: ApplyFlags) => await run(flags, async (at) => await apply(at, flags)))
}

async function showRules({ config, print, say }: At): Promise<ExitCode> {
  const inForce = await withGraph(config, findInForce)
  if (inForce === undefined) {
    say('No identity rules are in force yet: the first worker that starts sees to that.')
    return exitCodes.failed
  }
  const { id, at, by } = inForce.change
  print(`# In force since ${at}, by ${JSON.stringify(by)} (Change ${id})`)
  print(stringify(inForce.rules).trimEnd())
  return exitCodes.done
}

interface PreviewFlags extends FileFlags {
  limit: number
  json?: true
}

async function preview({ config, signal, stderr, print }: At, flags: PreviewFlags): Promise<ExitCode> {
  const rules = toLinkingRules(readIdentityRules(config))
  const progress = showProgress({ what: 'preview', unit: 'names', total: 0, stream: stderr })
  try {
    const onProgress = (seen: number, of: number) => progress.set(seen, of)
    const found = await withGraph(config, async (graph) => {
      const inForce = await findInForce(graph)
      return await previewRules(graph, { rules, inForce, limit: flags.limit, signal, onProgress })
    })
    progress.stop()
    print(flags.json === true ? JSON.stringify(found, undefined, 2) : toPreviewText(found))
  } finally {
    progress.stop()
  }
  return exitCodes.done
}

interface ApplyFlags extends FileFlags {
  by: string
}

async function apply({ config, signal, stderr, say }: At, { by }: ApplyFlags): Promise<ExitCode> {
  const rules = readIdentityRules(config)
  return await withGraph(config, async (graph) => {
    const put = await patiently(() => putRules(graph, { rules, by }))
    say(toPutText(put))
    const progress = showProgress({ what: 'apply', unit: 'names', total: 0, stream: stderr })
    try {
      const onProgress = ({ seen, of }: { seen: number; of: number }) => progress.set(seen, of)
      const relinked = await sweepNames(graph, { inForce: put.inForce, signal, onProgress })
      progress.stop()
      say(`${relinked} names were linked anew.`)
    } finally {
      progress.stop()
    }
    return exitCodes.done
  })
}

function toPutText({ isPut, inForce: { change } }: PutRules): string {
  return isPut
    ? `The rules are in force (Change ${change.id}). Names are linked under them now; if interrupted, run this again.`
    : `These rules are in force already, since ${change.at}, by ${JSON.stringify(change.by)}. Names that are linked under others follow.`
}

async function withGraph<T>(config: Config, work: (graph: Graph) => Promise<T>): Promise<T> {
  const log = createLogger({ name: 'identity', level: 'silent' })
  const graph = graphOf(config, log)
  try {
    await graph.verify()
    await migrateGraph(graph, log)
    return await work(graph)
  } finally {
    await graph.close()
  }
}

async function findInForce(graph: Graph): Promise<RulesInForce | undefined> {
  return await graph.inRead((tx) => findRules(tx, createRuleBook()))
}

function readLimit(text: string): number {
  const limit = Number(text)
  if (Number.isSafeInteger(limit) && limit >= 0 && limit <= LISTED_MAX) return limit
  throw new InvalidArgumentError(`must be a whole number from 0 to ${LISTED_MAX}.`)
}

/** Some containers run as a user without a name. */
function readUserName(): string {
  try {
    return userInfo().username
  } catch {
    return 'somebody'
  }
}
