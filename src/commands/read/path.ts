import { Option, type Command } from 'commander'
import { isJsonObject, readObjects, readPath } from '../../openlineage/json-object.ts'
import type { CommandSurroundings } from '../dead-letters.ts'
import { toLine, type Look, type Span } from '../look.ts'
import { toHiddenHint } from './answer-values.ts'
import { addAskCommand, collect, runAsking, showAnswer, type AskFlags, type Shown } from './asking.ts'
import { findNode } from './find-node.ts'
import { toEdgeSpans, toNodeSpans } from './lineage-spans.ts'
import { toQuery } from './query.ts'

interface PathFlags extends AskFlags {
  either?: true
  granularity?: string
  max?: string
  depth?: string
  at?: string
  namespace?: readonly string[]
  jobType?: readonly string[]
  derivation?: readonly string[]
}

/** Adds `headwater path`. */
export function addPathCommand(program: Command, surroundings: CommandSurroundings): void {
  addAskCommand(program, {
    usage: 'path <node> <node>',
    description: 'show the shortest ways that data takes from one thing to another',
  })
    .option('--either', 'along ways of any direction')
    .addOption(new Option('--granularity <kind>', 'what it goes by').choices(['dataset', 'field', 'flow']))
    .option('--max <count>', 'ways at most (1)')
    .option('--depth <steps>', 'how long a way may be (20)')
    .option('--at <time>', 'as it was at a time: a time, a day, or 90m, 24h, 7d ago')
    .option('--namespace <name>', 'only through jobs of this namespace; several times for several', collect)
    .option('--job-type <type>', 'only through jobs of this type; several times for several', collect)
    .option('--derivation <word>', 'only along what is known so: EXPLICIT, COLUMN, IO', collect)
    .action(async (start: string, end: string, flags: PathFlags) => {
      await runAsking(flags, surroundings, async (asking) => {
        const from = await findNode(start, asking, ['dataset', 'field', 'job', 'run'])
        const to = await findNode(end, asking, ['dataset', 'field', 'job', 'run'])
        const { url: _url, apiKey: _key, json, either, ...others } = flags
        const query = toQuery({ from, to, direction: either === true ? 'either' : undefined, ...others })
        return await showAnswer(asking, { path: '/api/v2/path', query, json }, describePaths)
      })
    })
}

/** The answer of GET /api/v2/path: each way from top to bottom. */
export function describePaths(answer: unknown, look: Look): Shown {
  const paths = readObjects(answer, 'paths')
  const hints = [...toCutHints(readPath(answer, ['truncated'])), ...toHiddenHint(answer)]
  if (paths.length === 0) {
    return {
      result: '',
      hints: ['No way leads there. Data flows one way: try it the other way round.', ...hints],
    }
  }
  return { result: paths.map((path) => toLines(path, look).join('\n')).join('\n\n'), hints }
}

function toCutHints(truncated: unknown): string[] {
  const isCut =
    isJsonObject(truncated) &&
    Object.values(truncated).some((one) => one === true || (Array.isArray(one) && one.length > 0))
  return truncated === true || isCut ? ['Not every way was gone to its end: there may be others.'] : []
}

function toLines(path: Record<string, unknown>, look: Look): string[] {
  const said = readPath(path, ['nodes'])
  const nodes = Array.isArray(said) ? said.map(String) : []
  const edges = readObjects(path, 'edges')
  return nodes.flatMap((id, index) => {
    const edge = edges[index - 1]
    const sign = edge?.['from'] === id ? '↑' : '↓'
    const arrow: Span[] = [
      { text: `  ${sign}`, style: 'dim' },
      ...(edge === undefined ? [] : toEdgeSpans([edge])),
    ]
    return [...(index === 0 ? [] : [toLine(arrow, look)]), toLine(toNodeSpans(id, undefined), look)]
  })
}
