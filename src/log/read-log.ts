import type { Graph } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { patiently } from '../graph/patiently.ts'
import { asBytes, asText, asTexts, fromDateTime, toDateTime } from '../graph/values.ts'
import type { LogFilter } from './log-filter.ts'
import type { LoggedEvent, LogPosition } from './logged-event.ts'

/** Events looked at in one transaction. */
const pageEvents = 500
/** Most compressed bytes held of a page at a time; a larger event comes alone. */
const pageBytesMax = 16 * 1024 * 1024

/** Before and behind every eventTime there can be. */
const start: LogPosition = { time: '0000-01-01T00:00:00.000000000Z', id: '' }
const end = '9999-12-31T23:59:59.999999999Z'

/** A piece of the log. */
export interface LogPage {
  events: LoggedEvent[]
  /** How many events were looked at for it, wanted or not. */
  scanned: number
  /** The last event looked at. */
  position: LogPosition
}

export interface LogReading {
  filter?: LogFilter
  /** Where to begin: behind this event. */
  after?: LogPosition | undefined
  /** Which of these events need not be read. */
  findKnown?: (ids: readonly string[]) => Promise<ReadonlySet<string>>
}

/**
 * Reads the log in its order, by eventTime and then id, a page in each transaction: what is written meanwhile behind the position of
 * the reader comes too, what is written before it does not.
 */
export async function* readLog(
  graph: Graph,
  { filter = {}, after, findKnown = findNone }: LogReading,
): AsyncGenerator<LogPage, void> {
  let position = after ?? { ...start, time: filter.from ?? start.time }
  for (;;) {
    const entries = await patiently(() => readEntries(graph, position, filter.before ?? end))
    const last = entries.at(-1)
    if (last === undefined) return
    const wanted = await patiently(() => findWanted(graph, entries, filter))
    const known = await findKnown([...wanted])
    const unread = new Set([...wanted].filter((id) => !known.has(id)))
    for (const part of toParts(entries, unread)) {
      const events = await patiently(() => readPayloads(graph, part.entries))
      yield { events, scanned: part.scanned, position: part.position }
    }
    position = toPosition(last)
  }
}

async function findNone(): Promise<ReadonlySet<string>> {
  return new Set()
}

const countStatement = cypher`
  MATCH (e:Event)
  USING INDEX SEEK e:Event(eventTime)
  WHERE e.eventTime >= $from AND e.eventTime < $before
  RETURN count(*) AS events
`

/** How many events the log has in a filter's time. */
export async function countLog(graph: Graph, { from, before }: LogFilter): Promise<number> {
  const times = { from: toDateTime(from ?? start.time), before: toDateTime(before ?? end) }
  const [row] = await patiently(() => graph.inRead((tx) => tx.run(countStatement, times)))
  return Number(row?.['events'] ?? 0)
}

/** What is known of an event without its payload. */
interface Entry extends Omit<LoggedEvent, 'payload'> {
  bytes: number
}

/** Two statements, so that each is one seek in the index: the rest of an instant, and what comes after it. */
const readSameTimeStatement = cypher`
  MATCH (e:Event)
  USING INDEX SEEK e:Event(eventTime, id)
  WHERE e.eventTime = $time AND e.id > $id AND e.eventTime < $before
  WITH e ORDER BY e.eventTime, e.id LIMIT toInteger($limit)
  RETURN e.id AS id, e.eventTime AS eventTime, e.receivedAt AS receivedAt, e.eventType AS eventType,
    e.producer AS producer, e.warnings AS warnings, size(e.payload) AS bytes
`

const readLaterStatement = cypher`
  MATCH (e:Event)
  USING INDEX SEEK e:Event(eventTime, id)
  WHERE e.eventTime > $time AND e.eventTime < $before AND e.id IS NOT NULL
  WITH e ORDER BY e.eventTime, e.id LIMIT toInteger($limit)
  RETURN e.id AS id, e.eventTime AS eventTime, e.receivedAt AS receivedAt, e.eventType AS eventType,
    e.producer AS producer, e.warnings AS warnings, size(e.payload) AS bytes
`

async function readEntries(graph: Graph, { time, id }: LogPosition, before: string): Promise<Entry[]> {
  const parameters = { time: toDateTime(time), id, before: toDateTime(before) }
  const rows = await graph.inRead(async (tx) => {
    const same = await tx.run(readSameTimeStatement, { ...parameters, limit: pageEvents })
    const limit = pageEvents - same.length
    return limit === 0 ? same : [...same, ...(await tx.run(readLaterStatement, { ...parameters, limit }))]
  })
  return rows.map((row) => ({
    id: String(row['id']),
    eventTime: fromDateTime(row['eventTime']) ?? time,
    receivedAt: fromDateTime(row['receivedAt']) ?? time,
    eventType: asText(row['eventType']),
    producer: asText(row['producer']) ?? '',
    warnings: asTexts(row['warnings']),
    bytes: Number(row['bytes'] ?? 0),
  }))
}

/** Whether the event is of the job, by its run or itself. */
const findOfJobStatement = cypher`
  UNWIND $ids AS id
  MATCH (e:Event {id: id})
  USING INDEX SEEK e:Event(id)
  MATCH (e)-[:ABOUT]->(subject)
  OPTIONAL MATCH (subject)-[:RUN_OF]->(ofRun:Job)
  WITH id, CASE WHEN subject:Job THEN subject ELSE ofRun END AS job
  WHERE ($namespace IS NULL OR job.namespace = $namespace) AND ($name IS NULL OR job.name = $name)
    AND job IS NOT NULL
  RETURN id
`

async function findWanted(
  graph: Graph,
  entries: readonly Entry[],
  { producer, job }: LogFilter,
): Promise<ReadonlySet<string>> {
  const named = entries.filter((entry) => producer === undefined || entry.producer.includes(producer))
  const ids = named.map(({ id }) => id)
  if (job === undefined || ids.length === 0) return new Set(ids)
  const { namespace = null, name = null } = job
  const rows = await graph.inRead((tx) => tx.run(findOfJobStatement, { ids, namespace, name }))
  return new Set(rows.map(({ id }) => String(id)))
}

interface Part {
  entries: Entry[]
  scanned: number
  position: LogPosition
}

/** Cuts a page into parts whose payloads may be held together. */
function toParts(entries: readonly Entry[], wanted: ReadonlySet<string>): Part[] {
  const parts: Part[] = []
  let bytes = Infinity
  for (const entry of entries) {
    const isWanted = wanted.has(entry.id)
    if (isWanted) bytes += entry.bytes
    let part = parts.at(-1)
    if (part === undefined || bytes > pageBytesMax) {
      part = { entries: [], scanned: 0, position: toPosition(entry) }
      parts.push(part)
      bytes = isWanted ? entry.bytes : 0
    }
    if (isWanted) part.entries.push(entry)
    part.scanned += 1
    part.position = toPosition(entry)
  }
  return parts
}

function toPosition({ eventTime, id }: Entry): LogPosition {
  return { time: eventTime, id }
}

const readPayloadsStatement = cypher`
  UNWIND $ids AS id
  MATCH (e:Event {id: id})
  USING INDEX SEEK e:Event(id)
  WHERE e.payload IS NOT NULL
  RETURN e.id AS id, e.payload AS payload
`

async function readPayloads(graph: Graph, entries: readonly Entry[]): Promise<LoggedEvent[]> {
  if (entries.length === 0) return []
  const ids = entries.map(({ id }) => id)
  const rows = await graph.inRead((tx) => tx.run(readPayloadsStatement, { ids }))
  const payloads = new Map(rows.map(({ id, payload }) => [String(id), asBytes(payload)]))
  return entries.flatMap(({ bytes: _bytes, ...entry }) => {
    const payload = payloads.get(entry.id)
    return payload === undefined ? [] : [{ ...entry, payload }]
  })
}
