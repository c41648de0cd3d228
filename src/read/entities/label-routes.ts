import type { Row } from '../../graph/connection.ts'
import { answerJson } from '../../http/answer-json.ts'
import type { Endpoint } from '../../http/operation.ts'
import { requiredText, text } from '../../http/parameters.ts'
import { Problem } from '../../http/problem.ts'
import { toNodeId } from '../node-id.ts'
import { pageParameters, readCursor, toPage } from '../page.ts'
import type { ReadParts } from '../read-parts.ts'
import { listOwners, listTags, ownerExists, readOwned, readTagged } from './owners-and-tags.ts'
import { question } from '../question.ts'
import { nameOf, toNamed } from './shown-names.ts'

/** Things listed of one owner, or of one tag. */
const thingsMax = 1000

export function labelEndpoints(parts: ReadParts): Endpoint[] {
  return [owners(parts), owner(parts), tags(parts), tag(parts)]
}

/** GET /api/v2/owners */
function owners({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'listOwners',
      path: '/api/v2/owners',
      tag: 'owners and tags',
      summary: 'Owners of jobs and datasets, by name',
      inPath: {},
      inQuery: { prefix: text('Only those whose name begins so.'), ...pageParameters },
      schema: 'OwnerPage',
    },
    async (asked) => {
      const { prefix = '', limit, cursor } = asked.query
      const [after = ''] = readCursor(cursor, 1) ?? []
      const namespaces = asked.reader.namespaces ?? null
      const rows = await ask((tx) => tx.run(listOwners, { after, prefix, namespaces, rows: limit + 1 }))
      const { page, ...rest } = toPage(rows, limit, ({ name }) => [String(name)])
      answerJson(asked, { owners: page.filter((row) => namespaces === null || row['owns'] !== 0), ...rest })
    },
  )
}

/** GET /api/v2/owners/:name */
function owner({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'getOwner',
      path: '/api/v2/owners/:name',
      tag: 'owners and tags',
      summary: 'An owner, with the jobs and datasets that it owns',
      inPath: { name: requiredText('Name of the owner, such as `team:data`.') },
      inQuery: {},
      schema: 'Owner',
      problems: ['node-unknown'],
    },
    async (asked) => {
      const { name } = asked.path
      const namespaces = asked.reader.namespaces ?? null
      const [found, owned] = await ask((tx) =>
        Promise.all([
          tx.run(ownerExists, { name }),
          tx.run(readOwned, { name, namespaces, rows: thingsMax + 1 }),
        ]),
      )
      const isHidden = namespaces !== null && owned.length === 0
      if (found.length === 0 || isHidden) throw unknown('owner', name)
      answerJson(asked, { name, owns: owned.slice(0, thingsMax).map(toThing), ...toMore(owned) })
    },
  )
}

/** GET /api/v2/tags */
function tags({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'listTags',
      path: '/api/v2/tags',
      tag: 'owners and tags',
      summary: 'Tags by key and value, with how many things have each',
      inPath: {},
      inQuery: pageParameters,
      schema: 'TagPage',
    },
    async (asked) => {
      const { limit, cursor } = asked.query
      const [key = '', value = ''] = readCursor(cursor, 2) ?? []
      const namespaces = asked.reader.namespaces ?? null
      const rows = await ask((tx) => tx.run(listTags, { key, value, namespaces, rows: limit + 1 }))
      const { page, ...rest } = toPage(rows, limit, (row) => [String(row['key']), String(row['value'])])
      answerJson(asked, { tags: page.filter((row) => namespaces === null || row['tagged'] !== 0), ...rest })
    },
  )
}

/** GET /api/v2/tags/:key */
function tag({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'getTag',
      path: '/api/v2/tags/:key',
      tag: 'owners and tags',
      summary: 'What has a tag: jobs, runs, datasets and columns',
      inPath: { key: requiredText('The key of the tag.') },
      inQuery: { value: text('Only with this value.') },
      schema: 'Tagged',
      problems: ['node-unknown'],
    },
    async (asked) => {
      const { key } = asked.path
      const { value = null } = asked.query
      const namespaces = asked.reader.namespaces ?? null
      const rows = await ask((tx) => tx.run(readTagged, { key, value, namespaces, rows: thingsMax + 1 }))
      if (rows.length === 0) throw unknown('tag', key)
      answerJson(asked, { key, tagged: rows.slice(0, thingsMax).map(toThing), ...toMore(rows) })
    },
  )
}

function unknown(kind: 'owner' | 'tag', name: string): Problem {
  const detail = `Nothing that you may see has the ${kind} ${JSON.stringify(name)}: GET /api/v2/${kind}s.`
  return new Problem('node-unknown', { detail })
}

function toMore(rows: readonly Row[]): { more?: true } {
  return rows.length > thingsMax ? { more: true } : {}
}

/** A thing out of a row, with what the label on it says. */
function toThing(row: Row): Record<string, unknown> {
  const { label, field, runId, type, value, source } = row
  const named = nameOf(row)
  const said = Object.fromEntries(
    Object.entries({ type, value, source }).filter(([, one]) => one !== null && one !== undefined),
  )
  if (typeof runId === 'string') return { id: toNodeId({ kind: 'run', runId }), kind: 'run', ...said }
  if (typeof field === 'string')
    return { ...named, id: toNodeId({ kind: 'field', ...named, field }), kind: 'field', field, ...said }
  const kind = label === 'Job' ? 'job' : 'dataset'
  return { ...toNamed(kind, named), kind, ...said }
}
