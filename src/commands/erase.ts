import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import type { Command } from 'commander'
import type { Config } from '../config.ts'
import { eraseFromLog, inflate, type Mentions } from '../erase/erase-log.ts'
import { createRedaction, type Erased, type Redaction } from '../erase/redact-mention.ts'
import type { Graph } from '../graph/connection.ts'
import { prepareGraph } from '../graph/prepare-graph.ts'
import { createLogger, type Logger } from '../logger.ts'
import { writeChanges } from '../log/changes.ts'
import { countLog } from '../log/read-log.ts'
import { instantOf } from '../openlineage/time.ts'
import { connectDeadLetters } from '../queue/dead-letters.ts'
import { refuseDuringRebuild } from '../rebuild/rebuild-mark.ts'
import { takeTurn, TurnRefused } from '../retention/take-turn.ts'
import { graphOf, queueOf } from '../roles/connections.ts'
import { showProgress } from './progress.ts'
import { rebuildNow } from './rebuild.ts'
import { readStoreConfig } from './store-config.ts'
import { exitCodes, OptionError, runAtTerminal, type ExitCode, type Terminal } from './terminal.ts'

interface EraseFlags {
  by?: string
  dryRun?: true
}

const lettersAtOnce = 100
const saltBytes = 16

/** Adds `headwater erase`. */
export function addEraseCommand(program: Command): void {
  const erase = program
    .command('erase')
    .description('take a dataset or a person out of log and graph, for good; the graph is made anew')
  addFlags(erase.command('dataset <namespace> <name>')).action(
    (namespace: string, name: string, flags: EraseFlags) =>
      runAtTerminal((terminal) => runErase({ kind: 'DATASET', namespace, name }, flags, terminal)),
  )
  addFlags(erase.command('person <name>')).action((name: string, flags: EraseFlags) =>
    runAtTerminal((terminal) => runErase({ kind: 'PERSON', name }, flags, terminal)),
  )
}

function addFlags(command: Command): Command {
  return command
    .option('--by <who>', 'who erases it, for the record; default: the user of this machine')
    .option('--dry-run', 'change nothing, say where it is mentioned')
}

async function runErase(erased: Erased, flags: EraseFlags, terminal: Terminal): Promise<ExitCode> {
  if (erased.name.trim() === '') throw new OptionError('The name must not be empty.')
  const config = await readStoreConfig(process.env)
  const log = createLogger({ name: 'erase', level: 'warn', to: 'stderr' })
  const graph = graphOf(config, log)
  try {
    await prepareGraph(graph, log)
    await refuseDuringRebuild(graph)
    return await withTurn(
      graph,
      async () => await eraseWhole({ erased, flags, config, graph, log, terminal }),
    )
  } finally {
    await graph.close()
  }
}

/** Retention would move what is read here from the log into the checkpoint. */
async function withTurn(graph: Graph, work: () => Promise<ExitCode>): Promise<ExitCode> {
  const turn = await takeTurn(graph, { name: 'retention', everySeconds: 0 })
  if (turn === undefined)
    throw new TurnRefused('Retention is under way: wait for its end, or a minute where it was killed.')
  try {
    return await work()
  } finally {
    await turn.end({ isDone: false }).catch(() => undefined)
  }
}

interface Erasure {
  erased: Erased
  flags: EraseFlags
  config: Config
  graph: Graph
  log: Logger
  terminal: Terminal
}

async function eraseWhole({ erased, flags, config, graph, log, terminal }: Erasure): Promise<ExitCode> {
  const isDryRun = flags.dryRun === true
  const substitute = `erased-${randomBytes(4).toString('hex')}`
  const redaction = createRedaction(erased, substitute)
  const found = await eraseAll({ graph, erased, redaction, substitute, isDryRun, terminal })
  const letters = await dropLetters(config, { redaction, isDryRun, log })
  process.stdout.write(toText({ ...found, letters }, isDryRun))
  if (isDryRun) return exitCodes.done
  await writeRecord(graph, { erased, by: flags.by ?? userInfo().username })
  terminal.say(
    'The log is free of it. The graph is made anew from it now; interrupted, run headwater rebuild.',
  )
  const rebuilt = await rebuildNow({ config, graph, log, terminal })
  const left = await eraseAll({ graph, erased, redaction, substitute, isDryRun: true, terminal })
  const came = left.rewritten + left.deleted
  if (came === 0) return rebuilt
  terminal.say(
    `${came} events that mention it have come meanwhile: stop what sends them, and run this again.`,
  )
  return exitCodes.incomplete
}

async function eraseAll({
  graph,
  terminal: { signal },
  ...erasure
}: {
  graph: Graph
  erased: Erased
  redaction: Redaction
  substitute: string
  isDryRun: boolean
  terminal: Terminal
}): Promise<Mentions> {
  const progress = showProgress({ what: 'erase', unit: 'events', total: await countLog(graph, {}) })
  try {
    return await eraseFromLog(graph, { ...erasure, signal, onScanned: (events) => progress.set(events) })
  } finally {
    progress.stop()
  }
}

/** What cannot be merged may mention it all the same: such letters are dropped. */
async function dropLetters(
  config: Config,
  { redaction, isDryRun, log }: { redaction: Redaction; isDryRun: boolean; log: Logger },
): Promise<number> {
  const letters = await connectDeadLetters({ ...queueOf(config), log })
  try {
    let found = 0
    for (let cursor: string | undefined, isLast = false; !isLast;) {
      const page = await letters.list({ limit: lettersAtOnce, cursor })
      for (const { id } of page.letters) {
        const letter = await letters.show(id)
        const payload = Buffer.from(letter?.event.payload ?? '', 'base64')
        if (!redaction.mayMention(inflate(payload) ?? '')) continue
        found += 1
        if (!isDryRun) await letters.drop(id)
      }
      cursor = page.next
      isLast = cursor === undefined
    }
    return found
  } finally {
    letters.close()
  }
}

/** That something was erased, without its name: whoever has the name can see that it was this. */
async function writeRecord(graph: Graph, { erased, by }: { erased: Erased; by: string }): Promise<void> {
  const salt = randomBytes(saltBytes).toString('hex')
  const name = erased.kind === 'DATASET' ? `${erased.namespace} ${erased.name}` : erased.name
  const hash = createHash('sha256').update(`${salt} ${name}`).digest('hex')
  const payload = JSON.stringify({ what: erased.kind, salt, hash })
  const at = instantOf(Date.now())
  await writeChanges(graph, [{ id: randomUUID(), at, kind: 'ERASED', payload, by }])
}

function toText(found: Mentions & { letters: number }, isDryRun: boolean): string {
  const { rewritten, deleted, records, changes, letters, inNames } = found
  const lines = [
    `${rewritten} events get another text`,
    `${deleted} events that are about it alone are deleted`,
    `${records} records of the checkpoint`,
    `${changes} changes by people`,
    `${letters} dead letters are dropped`,
  ]
  const left = inNames === 0 ? '' : `Left: ${inNames} events have the word in the name of something else.\n`
  return `${isDryRun ? 'would be erased from' : 'erased from'}:\n${lines.map((line) => `  ${line}\n`).join('')}${left}`
}
