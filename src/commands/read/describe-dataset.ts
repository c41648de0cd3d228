import { readObjects, readPath, readText } from '../../openlineage/json-object.ts'
import type { Look } from '../look.ts'
import { ownersOf, partsOfId, shortTime, tagsOf, toAmount, toHiddenHint } from './answer-values.ts'
import type { Shown } from './asking.ts'
import { columnsOf, facetNamesOf, toNamesSection, toTableSection } from './describe-parts.ts'
import { toPairs } from './sections.ts'

const runIdShown = 8

/** The answer of GET /api/v2/datasets/{namespace}/{name} in words. */
export function describeDataset(answer: unknown, look: Look): Shown {
  const text = (name: string) => readText(answer, [name])
  const { name, namespace } = partsOfId(readPath(answer, ['id']))
  const entry = { owners: readPath(answer, ['owners']), tags: readPath(answer, ['tags']) }
  const lines = [
    `${look.paint('bold', name)}  ${look.paint('dim', namespace)}`,
    '',
    ...toPairs(
      [
        ['id', text('id')],
        ['type', text('type')],
        ['about', text('description')],
        ['owners', ownersOf(entry)],
        ['tags', tagsOf(entry)],
        ['stored', [text('storage'), text('format')].filter((one) => one !== undefined).join(' ')],
        ['seen', toSeen(answer)],
        ['dropped', shortTime(readPath(answer, ['droppedAt']))],
        ['facets', facetNamesOf(answer)],
      ],
      look,
    ),
    ...toTableSection('columns', { rows: columnsOf(answer), columns: columnColumns }, look),
    ...toNamesSection('written by', readObjects(answer, 'writtenBy'), look),
    ...toNamesSection('read by', readObjects(answer, 'readBy'), look),
    ...toNamesSection('also named', readObjects(answer, 'otherNames'), look),
    ...toTableSection('versions', { rows: readObjects(answer, 'versions'), columns: versionColumns }, look),
  ]
  return { result: lines.join('\n'), hints: toHiddenHint(answer) }
}

const columnColumns = [
  { title: 'column', cell: (field: Entry) => readText(field, ['path']) ?? readText(field, ['name']) },
  { title: 'type', cell: (field: Entry) => readText(field, ['type']) },
  { title: 'tags', cell: tagsOf },
  { title: 'about', cell: (field: Entry) => readText(field, ['description']) },
]

const versionColumns = [
  { title: 'written', cell: (version: Entry) => shortTime(version['writtenAt']) },
  { title: 'version', cell: (version: Entry) => readText(version, ['version']) },
  { title: 'rows', cell: (version: Entry) => toAmount(version['rowCount']) },
  { title: 'run', cell: (version: Entry) => readText(version, ['run', 'runId'])?.slice(0, runIdShown) },
  { title: 'job', cell: (version: Entry) => toJobName(version) },
]

type Entry = Record<string, unknown>

function toJobName(version: Entry): string | undefined {
  const id = readText(version, ['run', 'job', 'id'])
  return id === undefined ? undefined : partsOfId(id).name
}

/** `2026-11-20 10:00:00 to 2026-11-22 10:00:00`. The graph may keep the last time by the hour: then it is no earlier than the first. */
export function toSeen(answer: unknown): string | undefined {
  const [first, last] = ['firstSeenAt', 'lastSeenAt'].map((name) => shortTime(readPath(answer, [name])))
  if (first === undefined || last === undefined) return first ?? last
  return last > first ? `${first} to ${last}` : first
}
