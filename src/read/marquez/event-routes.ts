import { gunzipSync } from 'node:zlib'
import { answerJson } from '../../http/answer-json.ts'
import { cypher, type Statement } from '../../graph/cypher.ts'
import { toDateTime } from '../../graph/values.ts'
import type { Endpoint } from '../../http/operation.ts'
import { choice, pointInTime } from '../../http/parameters.ts'
import { namesHidden } from '../entities/hidden-names.ts'
import type { ReadParts } from '../read-parts.ts'
import { toCounted, toTotal } from './bounded-total.ts'
import { marquezEndpoint } from './marquez-endpoint.ts'
import { number } from './marquez-parameters.ts'

/** Events of one page: each may have megabytes. */
const eventsMax = 100
const offsetMax = 1_000_000
const first = '0001-01-01T00:00:00.000000000Z'
const last = '9999-12-31T23:59:59.999999999Z'

const newestFirstStatement = cypher`
  MATCH (e:Event)
  USING INDEX e:Event(eventTime, id)
  WHERE e.eventTime >= $after AND e.eventTime < $before AND e.id IS NOT NULL
  WITH e ORDER BY e.eventTime DESC, e.id DESC
  WITH e WHERE e.eventType IS NOT NULL
  WITH e SKIP toInteger($offset) LIMIT toInteger($limit)
  RETURN e.payload AS payload
`

const oldestFirstStatement = cypher`
  MATCH (e:Event)
  USING INDEX e:Event(eventTime, id)
  WHERE e.eventTime >= $after AND e.eventTime < $before AND e.id IS NOT NULL
  WITH e ORDER BY e.eventTime, e.id
  WITH e WHERE e.eventType IS NOT NULL
  WITH e SKIP toInteger($offset) LIMIT toInteger($limit)
  RETURN e.payload AS payload
`

const countStatement = cypher`
  MATCH (e:Event)
  USING INDEX e:Event(eventTime, id)
  WHERE e.eventTime >= $after AND e.eventTime < $before AND e.id IS NOT NULL
  WITH e LIMIT toInteger($counted)
  RETURN count(e) AS total
`

const statements: Readonly<Record<string, Statement>> = {
  asc: oldestFirstStatement,
  desc: newestFirstStatement,
}

/** GET /api/v1/events/lineage: the events as they were received. */
export function eventEndpoints({ ask }: Pick<ReadParts, 'ask'>): Endpoint[] {
  const inQuery = {
    before: pointInTime('Events before it.'),
    after: pointInTime('Events from it on.'),
    sortDirection: choice('By their eventTime.', { of: ['desc', 'asc', 'DESC', 'ASC'], default: 'desc' }),
    limit: number('Events of a page; 100 at most.', { max: eventsMax, default: eventsMax }),
    offset: number('Events to leave out before it.', { max: offsetMax, default: 0 }),
  }
  const getEvents = marquezEndpoint(
    {
      id: 'marquezListEvents',
      method: 'get',
      path: '/api/v1/events/lineage',
      summary: 'Events of runs, as they were received',
      inPath: {},
      inQuery,
      gives: 'MarquezEvents',
    },
    async (asked) => {
      const { before = last, after = first, sortDirection, limit, offset } = asked.query
      const within = { after: toDateTime(after), before: toDateTime(before) }
      const statement = statements[sortDirection.toLowerCase()] ?? newestFirstStatement
      const { rows, total } = await ask(async (tx) => ({
        rows: await tx.run(statement, { ...within, limit, offset }),
        total: await tx.run(countStatement, { ...within, counted: toCounted({ limit, offset }) }),
      }))
      const events = rows
        .flatMap(({ payload }) => toEvent(payload))
        .filter((event) => !namesHidden(event, asked.reader))
      answerJson(asked, { events, totalCount: toTotal(total) })
    },
  )
  return [getEvents]
}

function toEvent(payload: unknown): unknown[] {
  if (!(payload instanceof Int8Array)) return []
  const text = gunzipSync(new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength)).toString(
    'utf8',
  )
  const event: unknown = JSON.parse(text)
  return [event]
}
