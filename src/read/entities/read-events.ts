import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { toDateTime } from '../../graph/values.ts'
import type { Reader } from '../../http/access.ts'
import { Problem } from '../../http/problem.ts'
import type { Instant } from '../../openlineage/time.ts'
import { toNodeId, type NodeName } from '../node-id.ts'
import type { CursorValues } from '../page.ts'
import { toEventText } from './event-text.ts'
import {
  listEvents,
  listEventsOfDataset,
  listEventsOfJob,
  listEventsOfRun,
  readEvent,
} from './event-statements.ts'
import { namesHidden } from './hidden-names.ts'
import { earliest, toTimePosition } from './positions.ts'
import { scanPage } from './scan-page.ts'
import { toShownMap } from './show-value.ts'

/** Runs of a job, or makers of a dataset's versions, whose events one page looks at. */
const runsLookedAt = 1000

export interface EventQuestion {
  /** The run, job or dataset whose events are asked for; undefined for all. */
  of: Exclude<NodeName, { kind: 'field' }> | undefined
  from: Instant | undefined
  to: Instant | undefined
  after: CursorValues | undefined
  limit: number
  reader: Reader
}

/** A page of events, the newest first. Those about what the reader may not see are left out. */
export async function readEventPage(
  tx: GraphTransaction,
  { of, from = earliest, to, after, limit, reader }: EventQuestion,
): Promise<{ page: Record<string, unknown>[]; next?: string }> {
  const read = (position: CursorValues | undefined, rows: number) => {
    const { at, behind } = toTimePosition(position, to)
    const span = { from: toDateTime(from), to: toDateTime(at), behind, rows }
    if (of === undefined) return tx.run(listEvents, span)
    if (of.kind === 'run') return tx.run(listEventsOfRun, { ...span, runId: of.runId })
    const statement = of.kind === 'job' ? listEventsOfJob : listEventsOfDataset
    return tx.run(statement, { ...span, namespace: of.namespace, name: of.name, runs: runsLookedAt })
  }
  const keeps = reader.namespaces === undefined ? undefined : (row: Row) => isSeen(reader, row['namespace'])
  const { page, ...rest } = await scanPage({ limit, after, read, keeps, positionOf })
  return { page: page.map(toShownEvent), ...rest }
}

/**
 * The text of an event, to the byte as it was received.
 * @throws {Problem} `node-unknown`, also where the event names anything that the reader may not see: it is shown whole or not at all
 */
export async function readEventText(
  tx: GraphTransaction,
  { id, reader }: { id: string; reader: Reader },
): Promise<string> {
  const [found] = await tx.run(readEvent, { id })
  const payload = found?.['payload']
  if (payload instanceof Int8Array && isSeen(reader, found?.['namespace'])) {
    const text = await toEventText(payload)
    if (reader.namespaces === undefined || !namesHidden(JSON.parse(text), reader)) return text
  }
  const detail =
    'There is no event with this id, or your key may not see all that it names: GET /api/v2/events.'
  throw new Problem('node-unknown', { detail })
}

function isSeen(reader: Reader, namespace: unknown): boolean {
  return reader.namespaces === undefined || (typeof namespace === 'string' && reader.sees(namespace))
}

function positionOf(row: Row): CursorValues {
  const { eventTime, id } = toShownMap(row['event'])
  return [String(eventTime), String(id)]
}

function toShownEvent(row: Row): Record<string, unknown> {
  const about = toAbout(row)
  return { ...toShownMap(row['event']), ...(about !== undefined && { about: toNodeId(about) }) }
}

function toAbout({ label, namespace, name, runId }: Row): NodeName | undefined {
  if (typeof runId === 'string') return { kind: 'run', runId }
  if (typeof namespace !== 'string' || typeof name !== 'string') return undefined
  return { kind: label === 'Job' ? 'job' : 'dataset', namespace, name }
}
