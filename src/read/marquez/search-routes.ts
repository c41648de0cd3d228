import { cypher } from '../../graph/cypher.ts'
import { toDateTime } from '../../graph/values.ts'
import { answerJson } from '../../http/answer-json.ts'
import type { Endpoint } from '../../http/operation.ts'
import { choice, pointInTime, requiredText, text } from '../../http/parameters.ts'
import type { ReadParts } from '../read-parts.ts'
import { marquezEndpoint } from './marquez-endpoint.ts'
import { number } from './marquez-parameters.ts'
import { toTime } from './marquez-values.ts'

const resultsMax = 1000
/** Names that match, at most: `totalCount` stops there. */
const matchesMax = 10_000

/** The index finds whole words with the parts in them; the name has to have the text as it is. */
const searchStatement = cypher`
  CALL db.index.fulltext.queryNodes('job_and_dataset_names', $query, {limit: toInteger($matches)}) YIELD node AS n
  WHERE toLower(n.name) CONTAINS toLower($text) AND n.firstSeenAt IS NOT NULL
    AND (n.hiddenAt IS NULL OR n.lastSeenAt > n.hiddenAt)
    AND ($label IS NULL OR $label IN labels(n))
    AND ($namespace IS NULL OR n.namespace = $namespace)
    AND ($namespaces IS NULL OR n.namespace IN $namespaces)
    AND ($before IS NULL OR coalesce(n.lastSeenAt, n.firstSeenAt) < $before)
    AND ($after IS NULL OR coalesce(n.lastSeenAt, n.firstSeenAt) > $after)
  WITH n ORDER BY CASE WHEN $isByTime THEN coalesce(n.lastSeenAt, n.firstSeenAt) END DESC, n.name, n.namespace
  WITH collect(n) AS found
  RETURN size(found) AS total,
    [n IN found[0..toInteger($limit)] | [n:Job, n.namespace, n.name, toString(coalesce(n.lastSeenAt, n.firstSeenAt))]] AS results
`

const labels: Readonly<Record<string, string>> = { JOB: 'Job', DATASET: 'Dataset' }

/** GET /api/v1/search: jobs and datasets with a text in their names. */
export function searchEndpoints({ ask }: Pick<ReadParts, 'ask'>): Endpoint[] {
  const inQuery = {
    q: requiredText('A part of the name, in whatever case.'),
    filter: choice('Only jobs, or only datasets.', {
      of: ['ALL', 'JOB', 'DATASET', 'job', 'dataset'],
      default: 'ALL',
    }),
    sort: choice('By name, or the last seen first.', {
      of: ['NAME', 'UPDATE_AT', 'name', 'update_at'],
      default: 'NAME',
    }),
    limit: number('Results at most.', { max: resultsMax, default: 10 }),
    namespace: text('Only in this namespace.'),
    before: pointInTime('Last seen before it.'),
    after: pointInTime('Last seen after it.'),
  }
  const search = marquezEndpoint(
    {
      id: 'marquezSearch',
      method: 'get',
      path: '/api/v1/search',
      summary: 'Jobs and datasets by a part of their names',
      inPath: {},
      inQuery,
      gives: 'MarquezSearch',
    },
    async (asked) => {
      const { q, filter, sort, limit, namespace, before, after } = asked.query
      const query = toLucene(q)
      const parameters = {
        query,
        text: q,
        matches: matchesMax,
        limit,
        label: labels[filter.toUpperCase()] ?? null,
        namespace: namespace ?? null,
        namespaces: asked.reader.namespaces ?? null,
        before: before === undefined ? null : toDateTime(before),
        after: after === undefined ? null : toDateTime(after),
        isByTime: sort.toUpperCase() === 'UPDATE_AT',
      }
      const [row] = query === '' ? [] : await ask((tx) => tx.run(searchStatement, parameters))
      const found = Array.isArray(row?.['results']) ? row['results'].filter(Array.isArray) : []
      answerJson(asked, { totalCount: Number(row?.['total'] ?? 0), results: found.map(toResult) })
    },
  )
  return [search]
}

/** Every word that has each part of the text in it. Letters, digits and `_` alone mean nothing to Lucene but themselves. */
function toLucene(said: string): string {
  const parts = said.toLowerCase().split(/[^\p{L}\p{N}_]+/u)
  return parts
    .filter((part) => part !== '')
    .map((part) => `*${part}*`)
    .join(' AND ')
}

function toResult(found: unknown[]): Record<string, unknown> {
  const [isJob, namespace, name, updatedAt] = found
  return {
    type: isJob === true ? 'JOB' : 'DATASET',
    name,
    updatedAt: toTime(updatedAt),
    namespace,
    nodeId: `${isJob === true ? 'job' : 'dataset'}:${String(namespace)}:${String(name)}`,
  }
}
