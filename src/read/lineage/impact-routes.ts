import type { ServerResponse } from 'node:http'
import { answerJson } from '../../http/answer-json.ts'
import { endpoint, type Endpoint } from '../../http/operation.ts'
import { choice, texts, wholeNumber } from '../../http/parameters.ts'
import { writeBody } from '../../http/write-body.ts'
import { pageParameters, readCursor, toPage } from '../page.ts'
import type { ReadParts } from '../read-parts.ts'
import { findImpact, type Impact, type Impacted } from './find-impact.ts'
import { toImpactCsv } from './impact-csv.ts'
import { toSieve } from './impact-sieve.ts'
import { toQuestion, walkParameters } from './lineage-parameters.ts'

const nodesMost = 20_000
const filtersMax = 100
const { limit: _nodes, ...walked } = walkParameters

const impactParameters = {
  ...walked,
  ...pageParameters,
  nodes: wholeNumber('Most nodes that are walked to.', { min: 1, max: nodesMost, default: nodesMost }),
  kind: texts('Only these kinds: dataset, field, job.', { max: 3 }),
  owner: texts('Only what one of these owns.', { max: filtersMax }),
  format: choice('`csv`: the whole list as a table; as `Accept: text/csv` says it.', {
    of: ['json', 'csv'],
    default: 'json',
  }),
}

/** GET /api/v2/impact */
export function getImpact({ ask }: ReadParts): Endpoint {
  return endpoint(
    {
      id: 'getImpact',
      method: 'get',
      path: '/api/v2/impact',
      tag: 'lineage',
      summary: 'What breaks with a dataset, a column or a job: a flat list with owners',
      description:
        'All that depends on it, the nearest first: datasets, columns, and the jobs that read or move them, with a way that leads to each. `namespace`, `tag`, `kind` and `owner` choose what is listed; `jobType` and `derivation` which flows count.',
      scope: 'read',
      inPath: {},
      inQuery: impactParameters,
      answer: {
        status: 200,
        description: 'A page of the list, or all of it as CSV.',
        mediaTypes: {
          'application/json': { $ref: '#/components/schemas/Impact' },
          'text/csv': { type: 'string' },
        },
      },
      problems: ['node-unknown'],
    },
    async (asked) => {
      const { limit, cursor, nodes, format } = asked.query
      const question = toQuestion({ ...asked.query, limit: nodes }, asked.reader)
      const [distance, id] = readCursor(cursor, 2) ?? []
      const impact = await ask((tx) => findImpact(tx, question))
      const isListed = toSieve(asked.query)
      const listed = impact.impacted.filter(isListed)
      const isCsv = format === 'csv' || asked.request.accepts(['json', 'csv']) === 'csv'
      if (isCsv) {
        writeCsv(asked.response, { ...impact, impacted: listed })
        return
      }
      const behind = listed.filter((one) =>
        isBehind(one, { distance: Number(distance ?? -1), id: String(id ?? '') }),
      )
      const { page, ...next } = toPage(behind, limit, (one) => [one.distance, one.id])
      const { truncated, hidden } = impact
      answerJson(asked, { impacted: page, total: listed.length, ...next, truncated, hidden })
    },
  )
}

/** A table has no place to say that it is not whole: a header does. */
function writeCsv(response: ServerResponse, { impacted, truncated, hidden }: Impact): void {
  const isWhole = !truncated.nodes && !truncated.depth && truncated.fanOut.length === 0 && hidden === 0
  writeBody(response, {
    status: 200,
    contentType: 'text/csv; charset=utf-8; header=present',
    headers: {
      'Content-Disposition': 'attachment; filename="impact.csv"',
      'Cache-Control': 'private, no-cache',
      'X-Truncated': String(!isWhole),
    },
    body: toImpactCsv(impacted),
  })
}

function isBehind(one: Impacted, last: { distance: number; id: string }): boolean {
  return one.distance > last.distance || (one.distance === last.distance && one.id > last.id)
}
