import type { Command } from 'commander'
import { readObjects, readPath } from '../../openlineage/json-object.ts'
import type { CommandSurroundings } from '../dead-letters.ts'
import type { Look } from '../look.ts'
import { toTable } from '../table.ts'
import { exitCodes, type ExitCode } from '../terminal.ts'
import { nameOfId, ownersOf, partsOfId, tagsOf, toHiddenHint, toNextHint } from './answer-values.ts'
import {
  addAskCommand,
  collect,
  runAsking,
  showAnswer,
  toUrl,
  type AskFlags,
  type Asking,
  type Shown,
} from './asking.ts'
import { findNodes } from './find-node.ts'
import { toQuery } from './query.ts'

interface ImpactFlags extends AskFlags {
  depth?: string
  at?: string
  from?: string
  to?: string
  namespace?: readonly string[]
  kind?: readonly string[]
  owner?: readonly string[]
  tag?: readonly string[]
  jobType?: readonly string[]
  derivation?: readonly string[]
  limit?: string
  cursor?: string
  csv?: true
}

const path = '/api/v2/impact'

/** Adds `headwater impact`. */
export function addImpactCommand(program: Command, surroundings: CommandSurroundings): void {
  addAskCommand(program, {
    usage: 'impact <node...>',
    description: 'list what breaks if this changes, the nearest first, with owners and the way there',
  })
    .option('--depth <steps>', 'how far (20)')
    .option('--at <time>', 'as it was at a time: a time, a day, or 90m, 24h, 7d ago')
    .option('--from <time>', 'what was seen at this time or later')
    .option('--to <time>', 'what was seen before this time')
    .option('--namespace <name>', 'only things of this namespace; several times for several', collect)
    .option('--kind <kind>', 'only dataset, field or job; several times for several', collect)
    .option('--owner <name>', 'only what somebody owns; several times for several', collect)
    .option('--tag <tag>', 'only things with this tag; several times for several', collect)
    .option('--job-type <type>', 'only through jobs of this type; several times for several', collect)
    .option('--derivation <word>', 'only what is known so: EXPLICIT, COLUMN, IO', collect)
    .option('--limit <count>', 'how many at a time')
    .option('--cursor <cursor>', 'go on where an earlier list ended')
    .option('--csv', 'print all of it as CSV')
    .action(async (words: string[], flags: ImpactFlags) => {
      await runAsking(flags, surroundings, async (asking) => {
        const of = await findNodes(words, asking, ['dataset', 'field', 'job'])
        const { url: _url, apiKey: _key, json, csv, ...others } = flags
        if (csv === true) return await printCsv(asking, toQuery({ of, format: 'csv', ...others }))
        return await showAnswer(asking, { path, query: toQuery({ of, ...others }), json }, describeImpact)
      })
    })
}

async function printCsv({ door, print, say }: Asking, query: URLSearchParams): Promise<ExitCode> {
  const { text, headers } = await door.get(toUrl(path, query))
  print(text.trimEnd())
  if (headers.get('x-truncated') !== 'true') return exitCodes.done
  say('The list is not whole: without --csv it is said why.')
  return exitCodes.incomplete
}

/** The answer of GET /api/v2/impact as a table. */
export function describeImpact(answer: unknown, look: Look): Shown {
  const impacted = readObjects(answer, 'impacted')
  const hints = [
    ...toTotal(answer, impacted.length),
    ...toNextHint(answer),
    ...toCutHint(answer),
    ...toHiddenHint(answer),
  ]
  if (impacted.length === 0) return { result: '', hints: ['Nothing depends on it.', ...hints] }
  const result = toTable(
    impacted,
    [
      { title: 'steps', cell: ({ distance }) => (typeof distance === 'number' ? distance : null) },
      { title: 'kind', cell: ({ kind }) => (typeof kind === 'string' ? kind : null) },
      { title: 'name', cell: ({ id }) => partsOfId(id).name, style: () => 'bold' },
      { title: 'namespace', cell: ({ id }) => partsOfId(id).namespace },
      { title: 'owners', cell: ownersOf },
      { title: 'tags', cell: tagsOf },
      { title: 'way', cell: toWay },
    ],
    look,
  )
  return { result, hints }
}

function toTotal(answer: unknown, shown: number): string[] {
  const total = readPath(answer, ['total'])
  return typeof total === 'number' && total > shown ? [`${shown} of ${total.toLocaleString('en-US')}.`] : []
}

/** What lies between, without the two ends: these stand beside it. */
function toWay(entry: Record<string, unknown>): string | undefined {
  const way = readPath(entry, ['path'])
  const between = Array.isArray(way) ? way.slice(1, -1).map((id) => partsOfId(id).name) : []
  return between.length === 0 ? undefined : between.join(' › ')
}

function toCutHint(answer: unknown): string[] {
  const truncated = readPath(answer, ['truncated'])
  if (truncated === true || readPath(truncated, ['nodes']) === true)
    return ['The walk met its limit: there is more.']
  if (readPath(truncated, ['depth']) === true) return ['It goes on beyond this depth: --depth.']
  const fanOut = readPath(truncated, ['fanOut'])
  const hubs = Array.isArray(fanOut) ? fanOut.map(nameOfId) : []
  return hubs.map((hub) => `Not all that depends on ${hub} is followed.`)
}
