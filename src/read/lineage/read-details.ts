import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asText, asTexts, fromDateTime } from '../../graph/values.ts'
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

const readDetailsStatement = cypher`
  UNWIND $ids AS id
  MATCH (n) WHERE elementId(n) = id
  RETURN id AS element, CASE WHEN n:Dataset THEN 'dataset' WHEN n:Job THEN 'job' WHEN n:Field THEN 'field' ELSE 'run' END AS kind,
    n.namespace AS namespace, n.name AS name, n.dataset AS dataset, n.type AS type, n.description AS description,
    n.droppedAt AS droppedAt, n.removedAt AS removedAt, n.jobType AS jobType, n.integration AS integration,
    n.processingType AS processingType, n.runId AS runId, n.state AS state, n.startedAt AS startedAt, n.endedAt AS endedAt,
    CASE WHEN n:Run THEN [(n)-[:RUN_OF]->(j:Job) | [j.namespace, j.name]] END AS jobs,
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

function toDetails(row: Row): NodeDetails {
  const base = { element: asText(row['element']) ?? '', ...toLabels(row['labels']) }
  if (asText(row['kind']) === 'run') return { ...base, ...toRun(row) }
  const [namespace, name] = [asText(row['namespace']) ?? '', asText(row['name']) ?? '']
  const description = withoutAbsent({ description: row['description'] })
  if (asText(row['kind']) === 'field') {
    const dataset = asText(row['dataset']) ?? ''
    const id = toNodeId({ kind: 'field', namespace, name: dataset, field: name })
    const removedAt = fromDateTime(row['removedAt'])
    const more = { dataset, ...withoutAbsent({ type: row['type'], removedAt }), ...description }
    return { ...base, id, kind: 'field', namespace, name, more }
  }
  const kind = asText(row['kind']) === 'job' ? 'job' : 'dataset'
  const { type, jobType, integration, processingType } = row
  const droppedAt = fromDateTime(row['droppedAt'])
  const more = { ...withoutAbsent({ type, droppedAt, jobType, integration, processingType }), ...description }
  return { ...base, id: toNodeId({ kind, namespace, name }), kind, namespace, name, more }
}

function toRun(row: Row): Omit<NodeDetails, 'element' | 'owners' | 'tags'> {
  const runId = asText(row['runId']) ?? ''
  const [job] = Array.isArray(row['jobs']) ? row['jobs'].map(asTexts) : []
  const [namespace = '', name = ''] = job ?? []
  const times = { startedAt: fromDateTime(row['startedAt']), endedAt: fromDateTime(row['endedAt']) }
  const more = {
    ...(job !== undefined && { job: toNodeId({ kind: 'job', namespace, name }) }),
    ...withoutAbsent({ state: row['state'], ...times }),
  }
  return { id: toNodeId({ kind: 'run', runId }), kind: 'run', namespace, name, more }
}

function toLabels(value: unknown): { owners: Owning[]; tags: string[] } {
  const labels = Array.isArray(value)
    ? value.map((one: unknown): unknown[] => (Array.isArray(one) ? one : []))
    : []
  const owners = labels
    .filter(([kind]) => kind === 'OWNER')
    .map(([, name, type]) => ({ name: asText(name) ?? '', ...(typeof type === 'string' && { type }) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const tags = labels.filter(([kind]) => kind === 'TAG').map(([, text]) => asText(text) ?? '')
  return { owners, tags: [...new Set(tags)].toSorted() }
}

function withoutAbsent(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  )
}
