import { readObjects, readPath, readText } from '../../openlineage/json-object.ts'
import type { Look } from '../look.ts'
import {
  nameOfId,
  partsOfId,
  shortDuration,
  shortTime,
  tagsOf,
  toAmount,
  toHiddenHint,
} from './answer-values.ts'
import type { Shown } from './asking.ts'
import { facetNamesOf, toTableSection } from './describe-parts.ts'
import { styleOfState } from './run-state.ts'
import { runColumns } from './runs.ts'
import { toPairs, toSection } from './sections.ts'

type Entry = Record<string, unknown>

/** The answer of GET /api/v2/runs/{runId} in words. */
export function describeRun(answer: unknown, look: Look): Shown {
  const text = (name: string) => readText(answer, [name])
  const state = text('state')
  const style = styleOfState(state)
  const lines = [
    `${look.paint('bold', `run ${text('runId') ?? ''}`)}  ${style === undefined ? (state ?? '') : look.paint(style, state ?? '')}`,
    '',
    ...toPairs(
      [
        ['job', nameOfId(readPath(answer, ['job', 'id']))],
        ['began', shortTime(readPath(answer, ['startedAt']))],
        ['ended', shortTime(readPath(answer, ['endedAt']))],
        ['took', shortDuration(readPath(answer, ['durationMs']))],
        ['presumed lost', shortTime(readPath(answer, ['presumedLostAt']))],
        ['meant for', shortTime(readPath(answer, ['nominalStartAt']))],
        ['attempt', readCount(answer, 'attempt')],
        ['parent', toRelative(answer, 'parent')],
        ['root', toRelative(answer, 'root')],
        ['engine', [text('engine'), text('engineVersion')].filter((one) => one !== undefined).join(' ')],
        ['user', text('user')],
        ['log', text('logUrl')],
        ['tags', tagsOf({ tags: readPath(answer, ['tags']) })],
        ['facets', facetNamesOf(answer)],
      ],
      look,
    ),
    ...toSection('error', look.paint('red', text('errorMessage') ?? ''), look),
    ...toTableSection('read', { rows: readObjects(answer, 'read'), columns: readColumns }, look),
    ...toTableSection('wrote', { rows: readObjects(answer, 'wrote'), columns: wroteColumns }, look),
    ...toTableSection('tests', { rows: readObjects(answer, 'tests'), columns: testColumns }, look),
    ...toTableSection('children', { rows: readObjects(answer, 'children'), columns: runColumns }, look),
    ...toTableSection('events', { rows: readObjects(answer, 'events'), columns: eventColumns }, look),
  ]
  return { result: lines.join('\n'), hints: toHiddenHint(answer) }
}

const nameColumns = [
  { title: 'dataset', cell: (entry: Entry) => partsOfId(readPath(entry, ['dataset', 'id'])).name },
  { title: 'namespace', cell: (entry: Entry) => partsOfId(readPath(entry, ['dataset', 'id'])).namespace },
]

const readColumns = [
  ...nameColumns,
  { title: 'version', cell: (entry: Entry) => readText(entry, ['version']) },
  { title: 'rows', cell: (entry: Entry) => toAmount(entry['rowCount']) },
  { title: 'bytes', cell: (entry: Entry) => toAmount(entry['byteCount']) },
]

const wroteColumns = [
  ...nameColumns,
  { title: 'version', cell: (entry: Entry) => readText(entry, ['produced', 'version']) },
  { title: 'rows', cell: (entry: Entry) => toAmount(entry['rowCount']) },
  { title: 'bytes', cell: (entry: Entry) => toAmount(entry['byteCount']) },
]

const testColumns = [
  { title: 'test', cell: (test: Entry) => readText(test, ['name']) },
  { title: 'status', cell: (test: Entry) => readText(test, ['status']) },
  { title: 'of', cell: (test: Entry) => toChecked(test) },
]

const eventColumns = [
  { title: 'time', cell: (event: Entry) => shortTime(event['eventTime']) },
  { title: 'event', cell: (event: Entry) => readText(event, ['eventType']) },
  { title: 'id', cell: (event: Entry) => readText(event, ['id'])?.slice(0, eventIdShown) },
  { title: 'producer', cell: (event: Entry) => readText(event, ['producer']) },
]

const eventIdShown = 12

function toChecked(test: Entry): string | undefined {
  const id = readText(test, ['field']) ?? readText(test, ['dataset', 'id'])
  return id === undefined ? undefined : partsOfId(id).name
}

/** `load_orders 0193…`: the job, and the id to ask for. */
function toRelative(answer: unknown, name: string): string | undefined {
  const runId = readText(answer, [name, 'runId'])
  if (runId === undefined) return undefined
  return `${partsOfId(readPath(answer, [name, 'job', 'id'])).name} ${runId}`.trim()
}

function readCount(answer: unknown, name: string): number | undefined {
  const value = readPath(answer, [name])
  return typeof value === 'number' ? value : undefined
}
