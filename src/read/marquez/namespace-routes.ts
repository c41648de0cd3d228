import type { Row } from '../../graph/connection.ts'
import { answerJson } from '../../http/answer-json.ts'
import type { Reader } from '../../http/access.ts'
import type { Endpoint } from '../../http/operation.ts'
import { requiredText } from '../../http/parameters.ts'
import type { AskGraph } from '../ask-graph.ts'
import type { ReadParts } from '../read-parts.ts'
import { marquezEndpoint } from './marquez-endpoint.ts'
import { offsetPage } from './marquez-parameters.ts'
import { toTime } from './marquez-values.ts'
import { listNamespacesStatement } from './namespace-statements.ts'
import { inNamespace, unknown } from './things.ts'

/** Jobs and datasets of a namespace that are asked when it was heard of. */
const looked = 100
const owner = 'anonymous'

/** Namespaces; and sources, which are the namespaces of datasets. */
export function namespaceEndpoints(parts: Pick<ReadParts, 'ask'>): Endpoint[] {
  return [...ofNamespaces(parts), ...ofSources(parts)]
}

function ofNamespaces({ ask }: Pick<ReadParts, 'ask'>): Endpoint[] {
  return [
    marquezEndpoint(
      {
        id: 'marquezListNamespaces',
        method: 'get',
        path: '/api/v1/namespaces',
        summary: 'Namespaces, by name',
        inPath: {},
        inQuery: offsetPage,
        gives: 'MarquezNamespaces',
      },
      async (asked) => {
        const { query, reader } = asked
        const rows = await list(ask, { ...query, namespaces: reader.namespaces ?? null, sources: false })
        answerJson(asked, { namespaces: rows.map(toNamespace) })
      },
    ),
    marquezEndpoint(
      {
        id: 'marquezGetNamespace',
        method: 'get',
        path: '/api/v1/namespaces/:namespace',
        summary: 'A namespace',
        inPath: inNamespace,
        inQuery: {},
        gives: 'MarquezNamespace',
      },
      async (asked) => {
        const row = await find(ask, { name: asked.path.namespace, reader: asked.reader, sources: false })
        if (row === undefined) throw unknown(`The namespace ${JSON.stringify(asked.path.namespace)}`)
        answerJson(asked, toNamespace(row))
      },
    ),
  ]
}

function ofSources({ ask }: Pick<ReadParts, 'ask'>): Endpoint[] {
  return [
    marquezEndpoint(
      {
        id: 'marquezListSources',
        method: 'get',
        path: '/api/v1/sources',
        summary: 'Sources of data, by name: the namespaces of datasets',
        inPath: {},
        inQuery: offsetPage,
        gives: 'MarquezSources',
      },
      async (asked) => {
        const { query, reader } = asked
        const rows = await list(ask, { ...query, namespaces: reader.namespaces ?? null, sources: true })
        answerJson(asked, { sources: rows.map(toSource) })
      },
    ),
    marquezEndpoint(
      {
        id: 'marquezGetSource',
        method: 'get',
        path: '/api/v1/sources/:source',
        summary: 'A source of data',
        inPath: { source: requiredText('Its name.') },
        inQuery: {},
        gives: 'MarquezSource',
      },
      async (asked) => {
        const row = await find(ask, { name: asked.path.source, reader: asked.reader, sources: true })
        if (row === undefined) throw unknown(`The source ${JSON.stringify(asked.path.source)}`)
        answerJson(asked, toSource(row))
      },
    ),
  ]
}

interface Listing {
  namespaces: readonly string[] | null
  sources: boolean
  limit: number
  offset: number
}

async function list(ask: AskGraph, listing: Listing): Promise<Row[]> {
  return await ask((tx) => tx.run(listNamespacesStatement, { ...listing, looked }))
}

async function find(
  ask: AskGraph,
  { name, reader, sources }: { name: string; reader: Reader; sources: boolean },
): Promise<Row | undefined> {
  const namespaces = [name].filter((one) => reader.sees(one))
  const [row] = namespaces.length === 0 ? [] : await list(ask, { namespaces, sources, limit: 1, offset: 0 })
  return row
}

function toNamespace(row: Row): Record<string, unknown> {
  return {
    name: row['name'],
    createdAt: toTime(row['createdAt']),
    updatedAt: toTime(row['updatedAt']),
    ownerName: owner,
    description: null,
    isHidden: false,
  }
}

/** The scheme of a namespace says what it is. */
function toSource(row: Row): Record<string, unknown> {
  const name = String(row['name'])
  return {
    type: (/^([a-z][a-z0-9+.-]*):/i.exec(name)?.[1] ?? 'unknown').toUpperCase(),
    name,
    createdAt: toTime(row['createdAt']),
    updatedAt: toTime(row['updatedAt']),
    connectionUrl: name,
    description: null,
  }
}
