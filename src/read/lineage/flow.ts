import type { Row } from '../../graph/connection.ts'
import { asText, fromDateTime, fromDateTimeText } from '../../graph/values.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import type { Instant } from '../../openlineage/time.ts'

/** An edge between two nodes, by their elements, in the way that data goes: a READS comes from the dataset. */
export interface Flow {
  from: string
  to: string
  kind: string
  /** The key of a FEEDS or INFLUENCES. */
  key: string | undefined
  job: EntityName | undefined
  /** The dataset of a READS or WRITES. */
  dataset: EntityName | undefined
  derivation: string | undefined
  current: boolean | undefined
  type: string | undefined
  subtype: string | undefined
  masking: boolean | undefined
  description: string | undefined
  /** Of a dataset, that one run wrote and the other read. */
  version?: string | undefined
  /** Who says that two names mean one thing, or that one job precedes the other. */
  source: string | undefined
  firstSeenAt: Instant | undefined
  lastSeenAt: Instant | undefined
}

/** Whether an edge joins names, and moves nothing. */
export function isNaming({ kind }: { kind: string }): boolean {
  return kind === 'SAME_AS' || kind === 'PART_OF'
}

/** An edge from its properties and its ends, as they stand in the graph. */
export function toFlow(row: Row): Flow {
  const kind = asText(row['kind']) ?? ''
  const sides: unknown[] = Array.isArray(row['sides']) ? row['sides'] : []
  const [jobNamespace, jobName, namespace, name] = sides.map(asText)
  const [start, end] = [asText(row['from']) ?? '', asText(row['to']) ?? '']
  const isRead = kind === 'READS'
  return {
    from: isRead ? end : start,
    to: isRead ? start : end,
    kind,
    key: asText(row['key']),
    job: toName(asText(row['jobNamespace']) ?? jobNamespace, asText(row['jobName']) ?? jobName),
    dataset: toName(namespace, name),
    derivation: asText(row['derivation']),
    current: asBoolean(row['current']),
    type: asText(row['type']),
    subtype: asText(row['subtype']),
    masking: asBoolean(row['masking']),
    description: asText(row['description']),
    source: asText(row['source']),
    firstSeenAt: toTime(row['firstSeenAt']),
    lastSeenAt: toTime(row['lastSeenAt']),
  }
}

/** Thousands of times at once come as texts: the driver takes much longer to make objects of them. */
function toTime(value: unknown): Instant | undefined {
  return fromDateTimeText(value) ?? fromDateTime(value)
}

function asBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

function toName(namespace: string | undefined, name: string | undefined): EntityName | undefined {
  return namespace === undefined || name === undefined ? undefined : { namespace, name }
}
