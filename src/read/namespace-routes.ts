import { answerJson } from '../http/answer-json.ts'
import type { Endpoint } from '../http/operation.ts'
import { cypher } from '../graph/cypher.ts'
import { pageParameters, readCursor, toPage } from './page.ts'
import { question } from './question.ts'
import type { ReadParts } from './read-parts.ts'

const listNamespacesStatement = cypher`
  MATCH (n:Namespace)
  WHERE n.name > $after AND ($namespaces IS NULL OR n.name IN $namespaces)
  RETURN n.name AS name
  ORDER BY n.name
  LIMIT toInteger($rows)
`

/** GET /api/v2/namespaces */
export function listNamespaces({ ask }: Pick<ReadParts, 'ask'>): Endpoint {
  return question(
    {
      id: 'listNamespaces',
      path: '/api/v2/namespaces',
      tag: 'namespaces',
      summary: 'Namespaces of jobs and datasets, by name',
      inPath: {},
      inQuery: pageParameters,
      schema: 'NamespacePage',
      gives: 'A page of namespaces.',
    },
    async (asked) => {
      const { limit, cursor } = asked.query
      const [after = ''] = readCursor(cursor, 1) ?? []
      const namespaces = asked.reader.namespaces ?? null
      const rows = await ask((tx) => tx.run(listNamespacesStatement, { after, namespaces, rows: limit + 1 }))
      const names = rows.map(({ name }) => ({ name: String(name) }))
      const { page, ...rest } = toPage(names, limit, ({ name }) => [name])
      answerJson(asked, { namespaces: page, ...rest })
    },
  )
}
