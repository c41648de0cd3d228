import { cypher } from '../../graph/cypher.ts'
import { toDateTime } from '../../graph/values.ts'
import { answerJson } from '../../http/answer-json.ts'
import type { Reader } from '../../http/access.ts'
import type { Endpoint } from '../../http/operation.ts'
import { choice, text } from '../../http/parameters.ts'
import { Problem } from '../../http/problem.ts'
import { toInstantOf } from '../../openlineage/point-in-time.ts'
import type { AskGraph } from '../ask-graph.ts'
import type { ReadParts } from '../read-parts.ts'
import { lastDays, lastHours, type Interval } from './intervals.ts'
import { marquezEndpoint } from './marquez-endpoint.ts'
import { countCreated, type Counted } from './count-created.ts'

const countEventsStatement = cypher`
  UNWIND $intervals AS interval
  UNWIND ['FAIL', 'START', 'COMPLETE', 'ABORT'] AS type
  CALL (interval, type) {
    MATCH (e:Event)
    USING INDEX e:Event(eventType, eventTime)
    WHERE e.eventType = type AND e.eventTime >= interval.start AND e.eventTime < interval.end
    RETURN count(e) AS events
  }
  RETURN interval.index AS index, type, events
`

const inQuery = {
  period: choice('The last 24 hours by the hour, or the last seven days by the day.', {
    of: ['DAY', 'WEEK'],
    default: 'DAY',
  }),
  timezone: text('Whose days: such as Europe/Berlin; UTC by default.'),
}

/** The counters of Marquez's home page. */
export function statsEndpoints({ ask }: Pick<ReadParts, 'ask'>): Endpoint[] {
  const events = marquezEndpoint(
    {
      id: 'marquezStatsOfEvents',
      method: 'get',
      path: '/api/v1/stats/lineage-events',
      summary: 'Events by their kind, over time',
      inPath: {},
      inQuery,
      gives: 'MarquezEventStats',
    },
    async (asked) => {
      const intervals = toIntervals(asked.query)
      const isWhole = asked.reader.namespaces === undefined
      answerJson(
        asked,
        isWhole
          ? await countEvents(ask, intervals)
          : intervals.map((interval) => ({ ...toTimes(interval), ...none })),
      )
    },
  )
  const created = (['jobs', 'datasets', 'sources'] as const).map((what) =>
    marquezEndpoint(
      {
        id: `marquezStatsOf${what}`,
        method: 'get',
        path: `/api/v1/stats/${what}`,
        summary: `How many ${what} there were, over time`,
        inPath: {},
        inQuery,
        gives: 'MarquezStats',
      },
      async (asked) => {
        const intervals = toIntervals(asked.query)
        answerJson(asked, await countOf(ask, { what, intervals, reader: asked.reader }))
      },
    ),
  )
  return [events, ...created]
}

const none = { fail: 0, start: 0, complete: 0, abort: 0 }

function toIntervals({
  period,
  timezone = 'UTC',
}: {
  period: string
  timezone: string | undefined
}): Interval[] {
  const nowMs = Date.now()
  const intervals = period === 'DAY' ? lastHours(nowMs) : lastDays(nowMs, timezone)
  if (intervals !== undefined) return intervals
  throw new Problem('request-invalid', { detail: 'timezone must be a time zone such as Europe/Berlin.' })
}

async function countEvents(ask: AskGraph, intervals: readonly Interval[]) {
  const rows = await ask((tx) =>
    tx.run(countEventsStatement, {
      intervals: intervals.map(({ startMs, endMs }, index) => ({
        index: String(index),
        start: toDateTime(toInstantOf(startMs) ?? ''),
        end: toDateTime(toInstantOf(endMs) ?? ''),
      })),
    }),
  )
  return intervals.map((interval, index) => {
    const found = rows.filter((row) => row['index'] === String(index))
    const counts = found.map((row) => [String(row['type']).toLowerCase(), Number(row['events'])] as const)
    return { ...toTimes(interval), ...none, ...Object.fromEntries(counts) }
  })
}

async function countOf(
  ask: AskGraph,
  { what, intervals, reader }: { what: Counted; intervals: readonly Interval[]; reader: Reader },
) {
  const counts = await ask((tx) =>
    countCreated(tx, { what, ends: intervals.map(({ endMs }) => endMs), reader }),
  )
  return intervals.map((interval, index) => ({ ...toTimes(interval), count: counts[index] ?? 0 }))
}

function toTimes({ startMs, endMs }: Interval) {
  return { startInterval: new Date(startMs).toISOString(), endInterval: new Date(endMs).toISOString() }
}
