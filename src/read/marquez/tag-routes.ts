import { cypher } from '../../graph/cypher.ts'
import { fromDateTime } from '../../graph/values.ts'
import { answerJson } from '../../http/answer-json.ts'
import type { Endpoint } from '../../http/operation.ts'
import { requiredText } from '../../http/parameters.ts'
import { readText } from '../../openlineage/json-object.ts'
import { readPeopleChange } from '../../log/people-change.ts'
import type { ReadParts } from '../read-parts.ts'
import { marquezEndpoint } from './marquez-endpoint.ts'
import { offsetPage } from './marquez-parameters.ts'
import { toTagName } from './marquez-values.ts'
import { readSmallJson } from './read-small-json.ts'
import { refuseLongTag } from './tag-name.ts'

/** A vocabulary is read by people. */
const tagsMax = 10_000

const listTagsStatement = cypher`
  MATCH (t:Tag)
  USING INDEX t:Tag(key)
  WHERE t.key IS NOT NULL
  WITH t ORDER BY t.key LIMIT toInteger($tags)
  RETURN t.key AS key, t.value AS value
`

const listDescribedStatement = cypher`
  MATCH (c:Change {kind: 'TAG_DESCRIBED'})
  USING INDEX c:Change(kind, at, id)
  WHERE c.at IS NOT NULL AND c.id IS NOT NULL
  WITH c ORDER BY c.kind DESC, c.at DESC, c.id DESC LIMIT toInteger($tags)
  RETURN c.kind AS kind, c.payload AS payload, c.at AS at, c.id AS id
`

/** The tags that things have, and those that somebody has described. */
export function tagEndpoints({ ask, takeChange }: ReadParts): Endpoint[] {
  const list = marquezEndpoint(
    {
      id: 'marquezListTags',
      method: 'get',
      path: '/api/v1/tags',
      summary: 'Tags, by name',
      inPath: {},
      inQuery: offsetPage,
      gives: 'MarquezTags',
    },
    async (asked) => {
      const { limit, offset } = asked.query
      const [used, described] = await ask((tx) =>
        Promise.all([
          tx.run(listTagsStatement, { tags: tagsMax }),
          tx.run(listDescribedStatement, { tags: tagsMax }),
        ]),
      )
      const descriptions = toDescriptions(described)
      const names = [...new Set([...used.map(toTagName), ...descriptions.keys()])].toSorted()
      const tags = names.map((name) => ({ name, description: descriptions.get(name) ?? null }))
      answerJson(asked, { tags: tags.slice(offset, offset + limit) })
    },
  )
  const put = marquezEndpoint(
    {
      id: 'marquezPutTag',
      method: 'put',
      path: '/api/v1/tags/:tag',
      summary: 'Describe a tag',
      inPath: { tag: requiredText('Its name.') },
      inQuery: {},
      body: {
        description: 'Its description.',
        mediaTypes: { 'application/json': { $ref: '#/components/schemas/MarquezTagBody' } },
      },
      gives: 'MarquezTag',
    },
    async (asked) => {
      const { tag } = asked.path
      refuseLongTag(tag)
      const description = readText(await readSmallJson(asked), ['description']) ?? ''
      await takeChange({ kind: 'TAG_DESCRIBED', tag, description })
      answerJson(asked, { name: tag, description: description === '' ? null : description })
    },
  )
  return [list, put]
}

/** Of each tag the newest; the rows are the newest first. */
function toDescriptions(rows: readonly Record<string, unknown>[]): Map<string, string | null> {
  const descriptions = new Map<string, string | null>()
  const newestFirst = rows.toSorted((a, b) => (orderOf(a) < orderOf(b) ? 1 : -1))
  for (const row of newestFirst) {
    const change = readPeopleChange({ kind: String(row['kind']), payload: String(row['payload']) })
    if (change?.kind !== 'TAG_DESCRIBED' || descriptions.has(change.tag)) continue
    descriptions.set(change.tag, change.description === '' ? null : change.description)
  }
  return descriptions
}

function orderOf(row: Record<string, unknown>): string {
  return `${fromDateTime(row['at']) ?? ''} ${String(row['id'])}`
}
