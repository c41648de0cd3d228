import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asText, fromDateTime } from '../../graph/values.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import { toInstant } from '../../openlineage/time.ts'
import { toStepParameters, type FlowKind, type FlowOrder } from './flow-steps.ts'

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

/** What a walk of each kind goes along. */
export const typesOf: Record<FlowKind, readonly string[]> = {
  dataset: ['FEEDS', 'SAME_AS', 'PART_OF'],
  field: ['FEEDS', 'INFLUENCES', 'SAME_AS'],
  flow: ['READS', 'WRITES', 'FEEDS', 'SAME_AS', 'PART_OF'],
}

/** Most edges that one node is asked for: far more than a fan-out, since several jobs may join the same two things. */
const flowsOfNodeMax = 20_000
/** Most edges of an answer. */
export const flowsMax = 50_000

const readFlowsStatement = cypher`
  UNWIND $ids AS id
  MATCH (n) WHERE elementId(n) = id
  CALL (n) {
    MATCH (n)-[r:FEEDS|INFLUENCES|READS|WRITES|PRECEDES|SAME_AS|PART_OF]->(m)
    WHERE type(r) IN $types
    RETURN r, m LIMIT toInteger($flowsOfNode)
  }
  WITH id, n, r, m, type(r) AS kind
  WHERE elementId(m) IN $ids
    AND ($walked <> 'field' OR n:Field OR m:Field)
    AND ($walked <> 'flow' OR kind <> 'FEEDS' OR n:Job OR m:Job OR r.jobName IS NULL)
    AND ($derivations IS NULL OR r.derivation IS NULL OR r.derivation IN $derivations)
    AND ($jobNamespaces IS NULL OR kind IN ['SAME_AS', 'PART_OF'] OR coalesce(r.jobNamespace, n.namespace) IN $jobNamespaces)
    AND ($jobTypes IS NULL OR n:Job OR kind IN ['SAME_AS', 'PART_OF'] OR EXISTS {
      MATCH (j:Job {namespace: r.jobNamespace, name: r.jobName}) WHERE toUpper(j.jobType) IN $jobTypes })
    AND ($isInTime OR coalesce(r.current, true)
      OR (kind IN ['READS', 'WRITES'] AND n.version IS NULL AND n.declared IS NULL)
      OR EXISTS { MATCH (j:Job {namespace: r.jobNamespace, name: r.jobName}) WHERE j.version IS NULL AND j.declared IS NULL })
  RETURN id AS from, elementId(m) AS to, kind, r.key AS key, r.jobNamespace AS jobNamespace, r.jobName AS jobName,
    CASE WHEN $isInTime AND kind IN ['READS', 'WRITES'] THEN [n.namespace, n.name, m.namespace, m.name] END AS sides,
    r.derivation AS derivation, r.current AS current, r.type AS type, r.subtype AS subtype, r.masking AS masking,
    r.description AS description, r.source AS source, toString(r.firstSeenAt) AS firstSeenAt, toString(r.lastSeenAt) AS lastSeenAt
  LIMIT toInteger($flowsMax) + 1
`

/**
 * The edges between nodes of a walk.
 * @param isInTime whether those count that are not current as well: the caller knows which of them held
 */
export async function readFlows(
  tx: GraphTransaction,
  { elements, order, isInTime }: { elements: readonly string[]; order: FlowOrder; isInTime: boolean },
): Promise<{ flows: Flow[]; isCut: boolean }> {
  const { kind, filter } = order
  const rows = await tx.run(readFlowsStatement, {
    ...toStepParameters(order),
    ids: elements,
    types: filter.isControl === true ? [...typesOf[kind], 'PRECEDES'] : typesOf[kind],
    walked: kind,
    isInTime,
    flowsOfNode: flowsOfNodeMax,
    flowsMax,
  })
  return { flows: rows.slice(0, flowsMax).map(toFlow), isCut: rows.length > flowsMax }
}

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
