import { isJsonObject, readPath } from '../openlineage/json-object.ts'
import { warningKinds } from '../validate/warning-kinds.ts'
import type { Described } from './describe-letters.ts'
import { toPrintable } from './print.ts'
import { toTable } from './table.ts'

type Entry = Record<string, unknown>

const nameWidthMax = 50
const idShown = 12

/** The answer of GET /api/v2/producers as a table, and beneath it what each producer's warnings and dead letters are. */
export function describeProducers(answer: unknown): Described {
  const producers = objectsOf(answer, 'producers')
  const hint = describeWindow(answer)
  if (producers.length === 0) return { table: '', hint: `There were no events. ${hint}` }
  const table = toTable(producers, [
    { title: 'producer', cell: ({ name }) => String(name), widthMax: nameWidthMax },
    { title: 'version', cell: ({ version }) => (typeof version === 'string' ? version : null), widthMax: 20 },
    { title: 'events', cell: ({ events }) => Number(events) },
    { title: 'warned', cell: ({ eventsWithWarnings }) => Number(eventsWithWarnings) },
    { title: 'runs', cell: numberAt('runs', 'seen') },
    { title: 'no end', cell: numberAt('runs', 'withoutEnd') },
    { title: 'no start', cell: numberAt('runs', 'completeWithoutStart') },
    { title: 'no parent', cell: numberAt('runs', 'missingParent') },
    { title: 'outputs', cell: numberAt('outputs', 'written') },
    { title: 'schema', cell: (entry) => toShare(entry, 'withSchema') },
    { title: 'columns', cell: (entry) => toShare(entry, 'withColumnLineage') },
    { title: 'dead', cell: countLetters },
  ])
  const details = producers.flatMap(describeTrouble)
  return { table: [table, ...(details.length === 0 ? [] : ['', ...details])].join('\n'), hint }
}

function describeWindow(answer: unknown): string {
  const timeOf = (name: string) =>
    String(readPath(answer, [name]))
      .slice(0, 19)
      .replace('T', ' ')
  const truncated = readPath(answer, ['truncatedBefore'])
  const more = Number(readPath(answer, ['moreProducers']) ?? 0)
  return [
    `From ${timeOf('from')} to ${timeOf('to')} UTC, by eventTime.`,
    ...(typeof truncated === 'string'
      ? [
          `Only the newest ${Number(readPath(answer, ['eventsRead']))} events were read: since ${timeOf('truncatedBefore')}.`,
        ]
      : []),
    ...(more > 0 ? [`And ${more} more producers.`] : []),
  ].join(' ')
}

function describeTrouble(entry: Entry): string[] {
  const warnings = objectsOf(entry, 'warnings').map(
    ({ kind, events, example }) =>
      `  ${Number(events)} events ${String(kind)}, such as ${String(example).slice(0, idShown)}: ${meaningOf(kind)}`,
  )
  const letters = objectsOf(entry, 'deadLetters').map(
    ({ kind, letters: count }) => `  ${Number(count)} dead letters ${String(kind)}`,
  )
  const lines = [...warnings, ...letters]
  if (lines.length === 0) return []
  const version = typeof entry['version'] === 'string' ? ` ${entry['version']}` : ''
  return [`${String(entry['name'])}${version}`, ...lines].map(toPrintable)
}

function meaningOf(kind: unknown): string {
  return Object.entries(warningKinds).find(([known]) => known === kind)?.[1] ?? 'unknown'
}

function toShare(entry: Entry, part: string): string | null {
  const written = Number(readPath(entry, ['outputs', 'written']))
  if (written === 0) return null
  return `${Math.floor((100 * Number(readPath(entry, ['outputs', part]))) / written)} %`
}

function countLetters(entry: Entry): number {
  return objectsOf(entry, 'deadLetters').reduce((sum, { letters }) => sum + Number(letters), 0)
}

function numberAt(...path: string[]): (entry: Entry) => number {
  return (entry) => Number(readPath(entry, path))
}

function objectsOf(value: unknown, name: string): Entry[] {
  const members = readPath(value, [name])
  return Array.isArray(members) ? members.filter(isJsonObject) : []
}
