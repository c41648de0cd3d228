import { Option, type Command } from 'commander'
import type { CommandSurroundings } from '../dead-letters.ts'
import { OptionError } from '../terminal.ts'
import { addAskCommand, collect, runAsking, showAnswer, type AskFlags } from './asking.ts'
import { describeLineage } from './describe-lineage.ts'
import { findNodes } from './find-node.ts'
import { toQuery } from './query.ts'

interface LineageFlags extends AskFlags {
  upstream?: true
  downstream?: true
  either?: true
  depth?: string
  granularity?: string
  at?: string
  from?: string
  to?: string
  namespace?: readonly string[]
  jobType?: readonly string[]
  tag?: readonly string[]
  derivation?: readonly string[]
  fold?: true
  control?: true
  limit?: string
}

const granularities = ['dataset', 'field', 'flow', 'job', 'application', 'run']

/** Adds `headwater lineage`. */
export function addLineageCommand(program: Command, surroundings: CommandSurroundings): void {
  addAskCommand(program, {
    usage: 'lineage <node...>',
    description: 'draw where data comes from and where it goes; a node is an id, or words to search for',
  })
    .option('--upstream', 'only towards the sources')
    .option('--downstream', 'only towards the consumers')
    .option('--either', 'all that is joined by ways of any direction')
    .option('--depth <steps>', 'how far (20)')
    .addOption(
      new Option(
        '--granularity <kind>',
        'what is drawn; flow is jobs and datasets in turn; default: what the node is',
      ).choices(granularities),
    )
    .option('--at <time>', 'as it was at a time: a time, a day, or 90m, 24h, 7d ago')
    .option('--from <time>', 'what was seen at this time or later')
    .option('--to <time>', 'what was seen before this time')
    .option('--namespace <name>', 'only things of this namespace; several times for several', collect)
    .option('--job-type <type>', 'only through jobs of this type; several times for several', collect)
    .option('--tag <tag>', 'only things with this tag; several times for several', collect)
    .option(
      '--derivation <word>',
      'only what is known so: EXPLICIT, COLUMN, IO; several times for several',
      collect,
    )
    .option('--fold', 'leave out temporary datasets, and draw what they join')
    .option('--control', 'which job runs after which, too')
    .option('--limit <nodes>', 'nodes at most (2000)')
    .action(async (words: string[], flags: LineageFlags) => {
      await runAsking(flags, surroundings, async (asking) => {
        const ids = await findNodes(words, asking, ['dataset', 'field', 'job', 'run'])
        const query = toLineageQuery(ids, flags)
        return await showAnswer(asking, { path: '/api/v2/lineage', query, json: flags.json }, describeLineage)
      })
    })
}

function toLineageQuery(of: readonly string[], flags: LineageFlags): URLSearchParams {
  const { upstream, downstream, either, url: _url, apiKey: _key, json: _json, ...others } = flags
  const directions = Object.entries({ upstream, downstream, either }).flatMap(([name, isSaid]) =>
    (isSaid ?? false) ? [name] : [],
  )
  if (directions.length > 1) {
    throw new OptionError('One of --upstream, --downstream, --either; without them both ways are drawn.')
  }
  return toQuery({ of, direction: directions[0], ...others })
}
