import { readObjects, readPath, readText } from '../../openlineage/json-object.ts'
import type { Look } from '../look.ts'
import { ownersOf, partsOfId, shortTime, tagsOf, toHiddenHint } from './answer-values.ts'
import type { Shown } from './asking.ts'
import { toSeen } from './describe-dataset.ts'
import { facetNamesOf, toNamesSection, toTableSection } from './describe-parts.ts'
import { runColumns } from './runs.ts'
import { toPairs, toSection } from './sections.ts'

type Entry = Record<string, unknown>

const sqlLinesMax = 20

/** The answer of GET /api/v2/jobs/{namespace}/{name} in words. */
export function describeJob(answer: unknown, look: Look): Shown {
  const text = (name: string) => readText(answer, [name])
  const { name, namespace } = partsOfId(readPath(answer, ['id']))
  const entry = { owners: readPath(answer, ['owners']), tags: readPath(answer, ['tags']) }
  const kind = [text('integration'), text('jobType'), text('processingType')].filter(
    (one) => one !== undefined,
  )
  const lines = [
    `${look.paint('bold', name)}  ${look.paint('dim', namespace)}`,
    '',
    ...toPairs(
      [
        ['id', text('id')],
        ['type', kind.join(' ')],
        ['about', text('description')],
        ['owners', ownersOf(entry)],
        ['tags', tagsOf(entry)],
        ['source', text('sourceLocation')],
        ['seen', toSeen(answer)],
        ['facets', facetNamesOf(answer)],
      ],
      look,
    ),
    ...toNamesSection('reads', readObjects(answer, 'inputs'), look),
    ...toNamesSection('writes', readObjects(answer, 'outputs'), look),
    ...relatives.flatMap(([member, title]) => toNamesSection(title, readObjects(answer, member), look)),
    ...toSection('SQL', toSql(text('sql') ?? readText(answer, ['facets', 'sql', 'query'])), look),
    ...toTableSection('versions', { rows: readObjects(answer, 'versions'), columns: versionColumns }, look),
    ...toTableSection(
      'runs',
      { rows: readObjects(answer, 'runs'), columns: runColumns.filter(({ title }) => title !== 'job') },
      look,
    ),
  ]
  return { result: lines.join('\n'), hints: toHiddenHint(answer) }
}

const relatives = [
  ['parents', 'part of'],
  ['children', 'parts'],
  ['predecessors', 'runs after'],
  ['successors', 'runs before'],
  ['otherNames', 'also named'],
] as const

const versionColumns = [
  { title: 'since', cell: (version: Entry) => shortTime(version['firstSeenAt']) },
  { title: 'changed', cell: (version: Entry) => toChanges(version) },
]

/** What differs from the version before: `+ s3://b/orders, - s3://a/orders, sql`. */
function toChanges(version: Entry): string | undefined {
  const changes = readPath(version, ['changes'])
  const names = (member: string, sign: string) =>
    readObjects(changes, member).map(({ id }) => `${sign} ${partsOfId(id).name}`)
  const changed = readPath(changes, ['changed'])
  const parts = [
    ...names('inputsAdded', 'reads +'),
    ...names('inputsRemoved', 'reads -'),
    ...names('outputsAdded', 'writes +'),
    ...names('outputsRemoved', 'writes -'),
    ...(Array.isArray(changed) ? changed.map(String) : []),
  ]
  return parts.length === 0 ? undefined : parts.join(', ')
}

function toSql(sql: string | undefined): string {
  const lines = sql?.trim().split('\n') ?? []
  return [
    ...lines.slice(0, sqlLinesMax),
    ...(lines.length > sqlLinesMax ? ['… --json has all of it'] : []),
  ].join('\n')
}
