import type { GraphTransaction } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asText } from '../../graph/values.ts'
import { toEntityKey } from '../../openlineage/keys.ts'
import type { LineageGraph } from './find-graph.ts'
import type { LineageQuestion } from './question.ts'
import { toFlow, type Flow } from './flow.ts'

/** A job that takes data from a node. */
export interface Taker {
  /** The job's element. */
  job: string
  from: string
  derivation: string | undefined
}

/** Most readers of one dataset. */
const readersMax = 10_000

const findReadersStatement = cypher`
  UNWIND $ids AS id
  MATCH (d:Dataset) WHERE elementId(d) = id
  CALL (d) {
    MATCH (d)<-[r:READS]-(j:Job)
    WHERE ($isInTime OR r.current OR (j.version IS NULL AND j.declared IS NULL))
      AND ($visible IS NULL OR j.namespace IN $visible)
      AND ($jobTypes IS NULL OR toUpper(j.jobType) IN $jobTypes)
    RETURN r, j LIMIT toInteger($readersMax)
  }
  RETURN elementId(j) AS from, id AS to, 'READS' AS kind, [j.namespace, j.name, d.namespace, d.name] AS sides,
    r.firstSeenAt AS firstSeenAt
`

const findJobsStatement = cypher`
  UNWIND $jobs AS job
  MATCH (j:Job {namespace: job.namespace, name: job.name})
  RETURN job.key AS key, elementId(j) AS element
`

/** The jobs that read datasets, whether or not they make something of them. */
export async function findReaders(
  tx: GraphTransaction,
  {
    elements,
    graph,
    question,
  }: { elements: readonly string[]; graph: LineageGraph; question: LineageQuestion },
): Promise<Taker[]> {
  const { span, jobTypes, reader } = question
  const rows = await tx.run(findReadersStatement, {
    ids: elements,
    isInTime: span !== undefined,
    visible: reader.namespaces ?? null,
    jobTypes: jobTypes.length === 0 ? null : jobTypes.map((type) => type.toUpperCase()),
    readersMax,
  })
  const flows = rows.map(toFlow)
  await graph.held?.learn(flows)
  const held = flows.filter((flow) => graph.held?.admits(flow) ?? true)
  return held.map(({ from, to }) => ({ job: to, from, derivation: undefined }))
}

/** The jobs that move data along flows. */
export async function findJobsOfFlows(tx: GraphTransaction, flows: readonly Flow[]): Promise<Taker[]> {
  const named = flows.flatMap((flow) =>
    flow.job === undefined ? [] : [{ flow, key: toEntityKey(flow.job) }],
  )
  const jobs = new Map(named.map(({ flow, key }) => [key, { ...flow.job, key }]))
  const rows = await tx.run(findJobsStatement, { jobs: [...jobs.values()] })
  const elements = new Map(rows.map((row) => [asText(row['key']), asText(row['element']) ?? '']))
  return named.flatMap(({ flow, key }) => {
    const job = elements.get(key)
    return job === undefined ? [] : [{ job, from: flow.from, derivation: flow.derivation }]
  })
}
