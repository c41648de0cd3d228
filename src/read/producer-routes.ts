import type { RequestHandler } from 'express'
import type { Graph } from '../graph/connection.ts'
import { isPassingTrouble } from '../graph/passing-trouble.ts'
import { requireAllNamespaces, type Access } from '../http/access.ts'
import { withDeadline } from '../http/deadline.ts'
import { Problem } from '../http/problem.ts'
import { queryOf, readValue, refuseOthers, type ValueReading } from '../http/request-values.ts'
import { writeJson } from '../http/write-json.ts'
import { toDurationMs, toInstantOf, toPointInTime } from '../openlineage/point-in-time.ts'
import { readProducerFigures } from './producer-figures.ts'
import { toProducerReport, type LetterCount } from './producer-report.ts'

export interface ProducerParts {
  access: Access
  /** Undefined where the receiver was started without one. */
  graph: Graph | undefined
  deadLetters: { groups(): Promise<LetterCount[]> }
}

const windowDefault = '7d'
/** The default window reaches ahead of now, for the clocks of producers do so too. */
const clockAheadMs = 24 * 3_600_000
/** A batch run that began so long ago should have ended. */
const unendedAfterDefault = '24h'
const eventsMax = 100_000
const runsMax = 10_000
const producersListedMax = 500
const reportMsMax = 60_000

/** GET /api/v2/producers: what each integration sends, and what is missing of it. */
export function answerProducers({ access, graph, deadLetters }: ProducerParts): RequestHandler {
  return async (request, response) => {
    const reader = access.require(request.headers.authorization, 'read')
    requireAllNamespaces(reader, { of: 'Producers' })
    const asked = readQuestion(queryOf(request), Date.now())
    if (graph === undefined)
      throw toUnavailable('This receiver was started without a Neo4j: set NEO4J_URI for it.')
    const { window, before, part } = asked
    const reading = readProducerFigures(graph, { window, before, limits: { eventsMax, runsMax } })
    const figuresInTime = withDeadline(reading, {
      ms: reportMsMax,
      late: () => toUnavailable('The report took too long. Ask for a shorter time: ?from=24h.'),
    }).catch((error: unknown) => {
      throw isPassingTrouble(error) ? toUnavailable('Neo4j does not answer. Ask again.', error) : error
    })
    const [figures, letters] = await Promise.all([figuresInTime, readLetters(deadLetters)])
    const all = toProducerReport(figures, letters).filter(({ uris }) => isMeant(uris, part))
    const events = figures.events.reduce((sum, said) => sum + said.events, 0)
    const oldest = figures.events.map(({ first }) => first).toSorted()[0]
    writeJson(response, {
      ...window,
      unendedAfter: asked.unendedAfter,
      eventsRead: events,
      // Only the newest events were read: the window begins later than was asked for.
      ...(events >= eventsMax && { truncatedBefore: oldest }),
      producers: all.slice(0, producersListedMax),
      ...(all.length > producersListedMax && { moreProducers: all.length - producersListedMax }),
    })
  }
}

async function readLetters(deadLetters: ProducerParts['deadLetters']): Promise<LetterCount[]> {
  return await deadLetters.groups().catch((cause: unknown) => {
    const detail = 'Redis, which keeps the dead letters, does not answer. Ask again.'
    throw new Problem('queue-unavailable', { detail, cause })
  })
}

function readQuestion(query: URLSearchParams, nowMs: number) {
  refuseOthers(query, ['from', 'to', 'unended', 'producer'])
  const time: ValueReading<string> = {
    parse: (text) => toPointInTime(text, nowMs),
    expected:
      'must be a time such as 2026-11-22T10:30:00Z, a day such as 2026-11-22, or how long ago: 90m, 24h, 7d',
  }
  const duration: ValueReading<string> = {
    parse: (text) => (toDurationMs(text) === undefined ? undefined : text),
    expected: 'must be a duration such as 90m, 24h, 7d',
  }
  const from = readValue(query, 'from', time) ?? toPointInTime(windowDefault, nowMs) ?? ''
  const to = readValue(query, 'to', time) ?? toInstantOf(nowMs + clockAheadMs) ?? ''
  if (from >= to) throw new Problem('request-invalid', { detail: 'from must be before to.' })
  const unendedAfter = readValue(query, 'unended', duration) ?? unendedAfterDefault
  return {
    window: { from, to },
    unendedAfter,
    before: toPointInTime(unendedAfter, nowMs) ?? '',
    part: query.get('producer')?.toLowerCase() ?? '',
  }
}

function isMeant(uris: readonly string[], part: string): boolean {
  return uris.some((uri) => uri.toLowerCase().includes(part))
}

function toUnavailable(detail: string, cause?: unknown): Problem {
  return new Problem('graph-unavailable', { detail, cause })
}
