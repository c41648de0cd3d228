import { Option, type Command } from 'commander'
import type { Config } from '../config.ts'
import { connectGraph, type Graph } from '../graph/connection.ts'
import { prepareGraph } from '../graph/prepare-graph.ts'
import { createLogger, type Logger } from '../logger.ts'
import type { LoggedChange } from '../log/logged-event.ts'
import { applyWrittenChanges } from '../merge/put-people-change.ts'
import { createRuleBook, findRules } from '../merge/rules-in-force.ts'
import { sweepNames } from '../merge/sweep-names.ts'
import { connectLaneControl, type LaneControl } from '../queue/lane-control.ts'
import { rebuildInPlace } from '../rebuild/rebuild-in-place.ts'
import { keepUnmerged, rebuildInto } from '../rebuild/rebuild-into.ts'
import { resumeQueue } from '../rebuild/resume-queue.ts'
import { graphOf, queueOf } from '../roles/connections.ts'
import { createCheckpointMerge } from './merge-checkpoint.ts'
import { createReplay } from './replay.ts'
import { readStoreConfig } from './store-config.ts'
import { exitCodes, OptionError, runAtTerminal, type ExitCode, type Terminal } from './terminal.ts'

interface RebuildFlags {
  to?: string
  toUser?: string
  toDatabase?: string
  catchUp?: true
  startOver?: true
  resumeQueue?: true
}

/** Adds `headwater rebuild`. */
export function addRebuildCommand(program: Command): void {
  program
    .command('rebuild')
    .description('make the graph anew from its log: in place while events keep coming, or in another Neo4j')
    .option('--to <uri>', 'make it in this empty Neo4j instead, such as bolt://127.0.0.1:7688')
    .option('--to-user <user>', 'its user; default: NEO4J_USER. The password is TO_NEO4J_PASSWORD')
    .option('--to-database <name>', 'its database; default: NEO4J_DATABASE')
    .option('--catch-up', 'with --to: merge only the events that it does not have yet')
    .addOption(
      new Option('--start-over', 'begin anew where an interrupted rebuild could be gone on with').conflicts(
        'to',
      ),
    )
    .addOption(
      new Option(
        '--resume-queue',
        'rebuild nothing, let workers go on that an interrupted rebuild has paused',
      )
        .conflicts('to')
        .conflicts('startOver'),
    )
    .action((flags: RebuildFlags) => runAtTerminal((terminal) => runRebuild(flags, terminal)))
}

async function runRebuild(flags: RebuildFlags, terminal: Terminal): Promise<ExitCode> {
  if (flags.catchUp === true && flags.to === undefined) throw new OptionError('--catch-up needs --to.')
  const config = await readStoreConfig(process.env)
  const log = createLogger({ name: 'rebuild', level: 'warn', to: 'stderr' })
  const graph = graphOf(config, log)
  try {
    await prepareGraph(graph, log)
    // Rules that we cannot read would show when the graph is empty.
    await graph.inRead((tx) => findRules(tx, createRuleBook()))
    if (flags.to !== undefined) return await runInto(flags.to, { flags, config, graph, log, terminal })
    return await withLanes(config, log, async (lanes) => {
      if (flags.resumeQueue !== true) return await runInPlace({ flags, config, graph, log, terminal }, lanes)
      await resumeQueue({ graph, lanes, say: terminal.say })
      return exitCodes.done
    })
  } finally {
    await graph.close()
  }
}

async function withLanes<T>(
  config: Config,
  log: Logger,
  use: (lanes: LaneControl) => Promise<T>,
): Promise<T> {
  const { redisUrl, prefix } = queueOf(config)
  const lanes = await connectLaneControl({ redisUrl, prefix, log })
  try {
    return await use(lanes)
  } finally {
    await lanes.close()
  }
}

interface Run {
  flags: RebuildFlags
  config: Config
  graph: Graph
  log: Logger
  terminal: Terminal
}

/** Makes the graph anew in place, as the command does. */
export async function rebuildNow(run: Omit<Run, 'flags'>): Promise<ExitCode> {
  return await withLanes(run.config, run.log, async (lanes) => await runInPlace({ ...run, flags: {} }, lanes))
}

async function runInPlace(
  { flags, config, graph, log, terminal }: Run,
  lanes: LaneControl,
): Promise<ExitCode> {
  const replay = createReplay({ source: graph, target: graph, config, log, terminal })
  await rebuildInPlace({
    graph,
    lanes,
    startOver: flags.startOver === true,
    mergeCheckpoint: createCheckpointMerge({ source: graph, target: graph, terminal }),
    replay: async ({ before, ...part }) => await replay.run({ filter: { before }, ...part }),
    ...terminal,
  })
  return replay.report()
}

async function runInto(to: string, { flags, config, graph, log, terminal }: Run): Promise<ExitCode> {
  const { neo4jUri, neo4jUser, neo4jPassword, neo4jDatabase, toNeo4jPassword } = config
  const settings = {
    uri: to,
    user: flags.toUser ?? neo4jUser,
    password: toNeo4jPassword === '' ? neo4jPassword : toNeo4jPassword,
    database: flags.toDatabase ?? neo4jDatabase,
  }
  const target = connectGraph(settings, log)
  try {
    await prepareGraph(target, log)
    const onUnmerged = async (id: string) => await keepUnmerged(graph, target, id)
    const replay = createReplay({ source: graph, target, config, log, terminal, onUnmerged })
    const catchUp = flags.catchUp === true
    const { say } = terminal
    const relink = async () => await relinkNames(target, terminal)
    const applyChanges = async (changes: readonly LoggedChange[]) =>
      await applyWrittenChanges(target, { changes, signal: terminal.signal })
    await rebuildInto({
      source: graph,
      sourceUri: neo4jUri,
      target,
      catchUp,
      copyCheckpoint: createCheckpointMerge({ source: graph, target, terminal }),
      replay: replay.run,
      relink,
      applyChanges,
      say,
    })
    return replay.report()
  } finally {
    await target.close()
  }
}

async function relinkNames(target: Graph, { signal, say }: Terminal): Promise<void> {
  const inForce = await target.inRead((tx) => findRules(tx, createRuleBook()))
  if (inForce === undefined) return
  const relinked = await sweepNames(target, { inForce, signal, onProgress: () => undefined })
  if (relinked > 0) say(`The identity rules have changed since: ${relinked} names were linked anew.`)
}
