import type { Command } from 'commander'
import { readObjects, readText } from '../../openlineage/json-object.ts'
import type { CommandSurroundings } from '../dead-letters.ts'
import type { Look } from '../look.ts'
import { toTable } from '../table.ts'
import { toHiddenHint, toNextHint } from './answer-values.ts'
import { addAskCommand, collect, runAsking, showAnswer, type AskFlags, type Shown } from './asking.ts'
import { toQuery } from './query.ts'

interface SearchFlags extends AskFlags {
  kind?: readonly string[]
  namespace?: readonly string[]
  limit?: string
  cursor?: string
}

/** Adds `headwater search`. */
export function addSearchCommand(program: Command, surroundings: CommandSurroundings): void {
  addAskCommand(program, {
    usage: 'search <words...>',
    description: 'find datasets, jobs and columns by names, descriptions, tags and owners',
  })
    .option('--kind <kind>', 'only dataset, job or field; several times for several', collect)
    .option('--namespace <name>', 'only of this namespace; several times for several', collect)
    .option('--limit <count>', 'how many at a time')
    .option('--cursor <cursor>', 'go on where an earlier list ended')
    .action(async (words: string[], flags: SearchFlags) => {
      await runAsking(flags, surroundings, async (asking) => {
        const { kind, namespace, limit, cursor } = flags
        const query = toQuery({ q: words.join(' '), kind, namespace, limit, cursor })
        return await showAnswer(asking, { path: '/api/v2/search', query, json: flags.json }, describeSearch)
      })
    })
}

/** The answer of GET /api/v2/search as a table; its ids are those that other commands take. */
export function describeSearch(answer: unknown, look: Look): Shown {
  const results = readObjects(answer, 'results')
  const hints = [...toNextHint(answer), ...toHiddenHint(answer)]
  if (results.length === 0) return { result: '', hints: ['Nothing is found.', ...hints] }
  const result = toTable(
    results,
    [
      { title: 'id', cell: ({ id }) => String(id), isWhole: true, style: () => 'bold' },
      { title: 'matched', cell: toMatched },
      { title: 'description', cell: (one) => readText(one, ['description']) },
    ],
    look,
  )
  return { result, hints }
}

function toMatched(result: Record<string, unknown>): string | undefined {
  const matched = readObjects(result, 'matched').map(({ field, text }) => `${String(field)}: ${String(text)}`)
  return matched.length === 0 ? undefined : matched.join(', ')
}
