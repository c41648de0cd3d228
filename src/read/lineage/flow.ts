import type { Row } from '../../graph/connection.ts'
import { asText, fromDateTime } from '../../graph/values.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import { toInstant } from '../../openlineage/time.ts'

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
  derivation?: string
  current?: boolean
  type?: string
  subtype?: string
  masking?: boolean
  description?: string
  /** Of a dataset, that one run wrote and the other read. */
  version?: string
  /** Who says that two names mean one thing, or that one job precedes the other. */
  source?: string
  firstSeenAt?: string
  lastSeenAt?: string
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
  const [from, to] = [asText(row['from']) ?? '', asText(row['to']) ?? '']
  const [firstSeenAt, lastSeenAt] = [toTime(row['firstSeenAt']), toTime(row['lastSeenAt'])]
  return {
    ...(kind === 'READS' ? { from: to, to: from } : { from, to }),
    kind,
    key: asText(row['key']),
    job: toName(asText(row['jobNamespace']) ?? jobNamespace, asText(row['jobName']) ?? jobName),
    dataset: toName(namespace, name),
    ...toTexts(row),
    ...(typeof row['current'] === 'boolean' && { current: row['current'] }),
    ...(typeof row['masking'] === 'boolean' && { masking: row['masking'] }),
    ...(firstSeenAt !== undefined && { firstSeenAt }),
    ...(lastSeenAt !== undefined && { lastSeenAt }),
  }
}

/** Thousands of times at once come as texts: the driver takes much longer to make objects of them. */
function toTime(value: unknown): string | undefined {
  return typeof value === 'string' ? toInstant(value) : fromDateTime(value)
}

const texts = ['derivation', 'type', 'subtype', 'description', 'source'] as const

function toTexts(row: Row): Partial<Record<(typeof texts)[number], string>> {
  return Object.fromEntries(texts.flatMap((key) => (typeof row[key] === 'string' ? [[key, row[key]]] : [])))
}

function toName(namespace: string | undefined, name: string | undefined): EntityName | undefined {
  return namespace === undefined || name === undefined ? undefined : { namespace, name }
}
