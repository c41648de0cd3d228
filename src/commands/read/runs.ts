import { Option, type Command } from 'commander'
import { isJsonObject, readObjects, readPath, readText } from '../../openlineage/json-object.ts'
import { toPointInTime } from '../../openlineage/point-in-time.ts'
import type { Instant } from '../../openlineage/time.ts'
import type { CommandSurroundings } from '../dead-letters.ts'
import type { Look } from '../look.ts'
import { toTable, type Column } from '../table.ts'
import { OptionError } from '../terminal.ts'
import { partsOfId, shortDuration, shortTime, toHiddenHint, toNextHint } from './answer-values.ts'
import { addAskCommand, runAsking, showAnswer, type AskFlags, type Shown } from './asking.ts'
import { findNode } from './find-node.ts'
import { toQuery } from './query.ts'
import { styleOfState } from './run-state.ts'
import { toThingPath } from './thing-path.ts'

interface RunsFlags extends AskFlags {
  job?: string
  state?: string
  namespace?: string
  since?: string
  until?: string
  limit?: string
  cursor?: string
}

const states = ['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER']

/** Adds `headwater runs`. */
export function addRunsCommand(program: Command, surroundings: CommandSurroundings): void {
  addAskCommand(program, { usage: 'runs', description: 'list runs, the one begun last first' })
    .option('--job <node>', 'only those of a job: an id, or words to search for')
    .addOption(new Option('--state <state>', 'only those in this state').choices(states))
    .option('--namespace <name>', 'only those of jobs of this namespace')
    .option('--since <time>', 'only those that began then or later: a time, a day, or 90m, 24h, 7d ago')
    .option('--until <time>', 'only those that had begun by then')
    .option('--limit <count>', 'how many at a time (100)')
    .option('--cursor <cursor>', 'go on where an earlier list ended')
    .action(async (flags: RunsFlags) => {
      await runAsking(flags, surroundings, async (asking) => {
        const { job, namespace, state, since, until: to, limit, cursor, json } = flags
        if (job === undefined) {
          const query = toQuery({ state, namespace, from: since, to, limit, cursor })
          return await showAnswer(asking, { path: '/api/v2/runs', query, json }, describeRuns)
        }
        if (namespace !== undefined) throw new OptionError('Either --job or --namespace.')
        const id = await findNode(job, asking, ['job'])
        const path = `${await toThingPath(id, asking, 'job')}/runs`
        const query = toQuery({ state, to, limit, cursor })
        const from = readSince(since)
        const keep = (answer: unknown) => toRunsSince(answer, from)
        return await showAnswer(asking, { path, query, json, keep }, describeRuns)
      })
    })
}

/** The answer of GET /api/v2/runs as a table. */
export function describeRuns(answer: unknown, look: Look): Shown {
  const runs = readObjects(answer, 'runs')
  const hints = [...toNextHint(answer), ...toHiddenHint(answer)]
  if (runs.length === 0) return { result: '', hints: ['There is no such run.', ...hints] }
  return { result: toTable(runs, runColumns, look), hints }
}

/** How runs stand in tables. */
export const runColumns: readonly Column<Record<string, unknown>>[] = [
  { title: 'run', cell: (run) => readText(run, ['runId']), isWhole: true },
  {
    title: 'state',
    cell: toState,
    style: ({ state }) => styleOfState(state),
  },
  { title: 'began', cell: ({ startedAt }) => shortTime(startedAt), isWhole: true },
  { title: 'took', cell: ({ durationMs }) => shortDuration(durationMs) },
  { title: 'job', cell: (run) => partsOfId(readPath(run, ['job', 'id'])).name, style: () => 'bold' },
  {
    title: 'error',
    cell: (run) => readText(run, ['errorMessage']),
    style: ({ errorMessage }) => (errorMessage === undefined ? undefined : 'red'),
  },
]

/** What its producer said last; a run of which nothing was heard for too long is marked. */
function toState(run: Record<string, unknown>): string | undefined {
  const state = readText(run, ['state'])
  return run['presumedLostAt'] === undefined ? state : `${state ?? ''} (lost?)`
}

function readSince(since: string | undefined): Instant | undefined {
  if (since === undefined) return undefined
  const from = toPointInTime(since, Date.now())
  if (from === undefined) {
    throw new OptionError(
      '--since is a time such as 2026-11-22T10:30:00Z, a day such as 2026-11-22, or 90m, 24h, 7d.',
    )
  }
  return from
}

/** The runs of one job come the newest first, and know no beginning of the list: what is older ends it. */
function toRunsSince(answer: unknown, from: Instant | undefined): unknown {
  if (from === undefined || !isJsonObject(answer)) return answer
  const all = readObjects(answer, 'runs')
  const runs = all.filter(({ startedAt }) => typeof startedAt === 'string' && startedAt >= from)
  const { next, ...rest } = answer
  return { ...rest, runs, ...(runs.length === all.length && next !== undefined && { next }) }
}
