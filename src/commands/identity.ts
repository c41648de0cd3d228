import { userInfo } from 'node:os'
import { InvalidArgumentError, type Command } from 'commander'
import { stringify } from 'yaml'
import type { Config } from '../config.ts'
import type { Graph } from '../graph/connection.ts'
import { migrateGraph } from '../graph/migrate.ts'
import { createLogger } from '../logger.ts'
import { putRules } from '../merge/put-rules.ts'
import { createRuleBook, findRules, toLinkingRules, type RulesInForce } from '../merge/rules-in-force.ts'
import { sweepNames } from '../merge/sweep-names.ts'
import { graphOf } from '../roles/connections.ts'
import { readIdentityRules } from '../roles/identity-rules.ts'
import { previewRules } from './identity-preview.ts'
import { toPreviewText } from './identity-text.ts'
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

/** Adds `headwater identity`. */
export function addIdentityCommand(program: Command): void {
  const identity = program
    .command('identity')
    .description('see and change the rules that say which names are one thing')
  identity
    .command('show')
    .description('print the rules in force, as an identity.yaml')
    .action(() => runAtTerminal(showRules))
  identity
    .command('preview')
    .description('tell what the rules of the file would join and part, and change nothing')
    .option('--file <path>', 'the file, instead of IDENTITY_FILE')
    .option('--limit <number>', `links listed of each kind, ${LISTED_MAX} at most`, readLimit, LISTED_DEFAULT)
    .option('--json', 'print JSON')
    .action((flags: PreviewFlags) => runAtTerminal((terminal) => runPreview(flags, terminal)))
  identity
    .command('apply')
    .description('put the rules of the file in force, and link all names under them; workers may go on')
    .option('--file <path>', 'the file, instead of IDENTITY_FILE')
    .option('--by <name>', 'who does it, for the log of changes', userInfo().username)
    .action((flags: ApplyFlags) => runAtTerminal((terminal) => runApply(flags, terminal)))
}

async function showRules({ say }: Terminal): Promise<ExitCode> {
  return await withGraph({}, async ({ graph }) => {
    const inForce = await findInForce(graph)
    if (inForce === undefined) {
      say('No identity rules are in force yet: the first worker that starts sees to that.')
      return exitCodes.failed
    }
    const { id, at, by } = inForce.change
    print(`# In force since ${at}, by ${by} (Change ${id})\n${stringify(inForce.rules)}`)
    return exitCodes.done
  })
}

interface PreviewFlags extends FileFlags {
  limit: number
  json?: true
}

async function runPreview(flags: PreviewFlags, { signal }: Terminal): Promise<ExitCode> {
  return await withGraph(flags, async ({ graph, config }) => {
    const rules = toLinkingRules(readIdentityRules(config))
    const progress = showProgress({ what: 'preview', unit: 'names', total: 0 })
    try {
      const inForce = await findInForce(graph)
      const onProgress = (seen: number, of: number) => progress.set(seen, of)
      const options = { rules, inForce, limit: flags.limit, signal, onProgress }
      const preview = await previewRules(graph, options)
      progress.stop()
      print(flags.json === true ? `${JSON.stringify(preview, undefined, 2)}\n` : toPreviewText(preview))
    } finally {
      progress.stop()
    }
    return exitCodes.done
  })
}

interface ApplyFlags extends FileFlags {
  by: string
}

async function runApply(flags: ApplyFlags, { signal, say }: Terminal): Promise<ExitCode> {
  return await withGraph(flags, async ({ graph, config }) => {
    const { inForce, isPut } = await putRules(graph, { rules: readIdentityRules(config), by: flags.by })
    const { id, at, by } = inForce.change
    say(
      isPut
        ? `The rules are in force (Change ${id}). Names are linked under them now; interrupted, run this again.`
        : `These rules are in force already, since ${at}, by ${by}. Names that are linked under others follow.`,
    )
    const progress = showProgress({ what: 'apply', unit: 'names', total: 0 })
    try {
      const relinked = await sweepNames(graph, {
        inForce,
        signal,
        onProgress: ({ seen, of }) => progress.set(seen, of),
      })
      progress.stop()
      say(`${relinked} names were linked anew.`)
    } finally {
      progress.stop()
    }
    return exitCodes.done
  })
}

async function withGraph(
  { file }: FileFlags,
  work: (at: { graph: Graph; config: Config }) => Promise<ExitCode>,
): Promise<ExitCode> {
  const stored = await readStoreConfig(process.env)
  const config = file === undefined ? stored : { ...stored, identityFile: file }
  const log = createLogger({ name: 'identity', level: 'silent' })
  const graph = graphOf(config, log)
  try {
    await graph.verify()
    await migrateGraph(graph, log)
    return await work({ graph, config })
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

function print(text: string): void {
  process.stdout.write(text)
}
