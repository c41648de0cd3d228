import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asText, asTexts, fromDateTimeText } from '../../graph/values.ts'
import { toNodeId, type NodeName } from '../node-id.ts'

export interface Owning {
  name: string
  type?: string
}

/** What an answer shows of a node. */
export interface NodeDetails {
  element: string
  id: string
  kind: NodeName['kind']
  namespace: string
  /** Of a field, its path; of a run, the name of its job. */
  name: string
  owners: Owning[]
  /** `key`, or `key=value` where the tag has a value. */
  tags: string[]
  /** What only some kinds have: absent where it is not known. */
  more: Readonly<Record<string, unknown>>
}

/** A list each, of what its kind has: a row of everything that any kind may have would be mostly nothing, and takes twice the time. */
const readDetailsStatement = cypher`
  UNWIND $ids AS id
  MATCH (n) WHERE elementId(n) = id
  RETURN id AS element,
    CASE
      WHEN n:Dataset THEN ['dataset', n.namespace, n.name, n.description, n.type, toString(n.droppedAt)]
      WHEN n:Job THEN ['job', n.namespace, n.name, n.description, n.jobType, n.integration, n.processingType]
      WHEN n:Field THEN ['field', n.namespace, n.name, n.description, n.dataset, n.type, toString(n.removedAt)]
      ELSE ['run', COLLECT { MATCH (n)-[:RUN_OF]->(j:Job) RETURN [j.namespace, j.name] }[0], n.runId, n.state,
        toString(n.startedAt), toString(n.endedAt)]
    END AS found,
    [(n)-[x:OWNS|TAGGED]-(y) | CASE WHEN y:Owner THEN ['OWNER', y.name, x.type]
      ELSE ['TAG', CASE y.value WHEN '' THEN y.key ELSE y.key + '=' + y.value END] END] AS labels
`

/** The details of nodes, by their elements. */
export async function readDetails(
  tx: GraphTransaction,
  elements: readonly string[],
): Promise<Map<string, NodeDetails>> {
  const rows = await tx.run(readDetailsStatement, { ids: elements })
  return new Map(rows.map((row) => [asText(row['element']) ?? '', toDetails(row)]))
}

function toDetails({ element, found, labels }: Row): NodeDetails {
  const [kind, ...values] = Array.isArray(found) ? (found as unknown[]) : []
  return { element: asText(element) ?? '', ...toLabels(labels), ...toNode(asText(kind), values) }
}

type Named = Omit<NodeDetails, 'element' | 'owners' | 'tags'>

function toNode(kind: string | undefined, values: readonly unknown[]): Named {
  if (kind === 'run') return toRun(values)
  const [namespace = '', name = '', description, ...others] = values.map(asText)
  if (kind === 'field') {
    const [dataset = '', type, removedAt] = others
    const id = toNodeId({ kind, namespace, name: dataset, field: name })
    const more = withoutAbsent({ dataset, type, removedAt: fromDateTimeText(removedAt), description })
    return { id, kind, namespace, name, more }
  }
  if (kind === 'job') {
    const [jobType, integration, processingType] = others
    const more = withoutAbsent({ jobType, integration, processingType, description })
    return { id: toNodeId({ kind, namespace, name }), kind, namespace, name, more }
  }
  const [type, droppedAt] = others
  const more = withoutAbsent({ type, droppedAt: fromDateTimeText(droppedAt), description })
  return { id: toNodeId({ kind: 'dataset', namespace, name }), kind: 'dataset', namespace, name, more }
}

function toRun([job, ...values]: readonly unknown[]): Named {
  const [namespace = '', name = ''] = asTexts(job)
  const [runId = '', state, startedAt, endedAt] = values.map(asText)
  const more = withoutAbsent({
    job: job === null ? undefined : toNodeId({ kind: 'job', namespace, name }),
    state,
    startedAt: fromDateTimeText(startedAt),
    endedAt: fromDateTimeText(endedAt),
  })
  return { id: toNodeId({ kind: 'run', runId }), kind: 'run', namespace, name, more }
}

function toLabels(value: unknown): { owners: Owning[]; tags: string[] } {
  if (!Array.isArray(value) || value.length === 0) return { owners: [], tags: [] }
  const labels = value.map((one: unknown): unknown[] => (Array.isArray(one) ? one : []))
  const owners = labels
    .filter(([kind]) => kind === 'OWNER')
    .map(([, name, type]) => ({ name: asText(name) ?? '', ...(typeof type === 'string' && { type }) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const tags = labels.filter(([kind]) => kind === 'TAG').map(([, text]) => asText(text) ?? '')
  return { owners, tags: [...new Set(tags)].toSorted() }
}

function withoutAbsent(values: Record<string, string | undefined>): Record<string, string> {
  const known: Record<string, string> = {}
  for (const [key, value] of Object.entries(values)) if (value !== undefined) known[key] = value
  return known
}
