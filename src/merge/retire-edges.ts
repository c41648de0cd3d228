import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { Structure } from '../project/structure.ts'
import { runRows } from './run-rows.ts'

const retireJobEdgesStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.job.namespace, name: row.job.name})-[x:READS|WRITES]->
    (d:Dataset {namespace: row.dataset.namespace, name: row.dataset.name})
  USING INDEX SEEK j:Job(namespace, name)
  USING INDEX SEEK d:Dataset(namespace, name)
  WHERE type(x) = row.type
  SET x.current = false
`

const retireFeedsStatement = cypher`
  UNWIND $rows AS key
  MATCH ()-[x:FEEDS {key: key}]->()
  USING INDEX SEEK x:FEEDS(key)
  SET x.current = false
`

const retireInfluencesStatement = cypher`
  UNWIND $rows AS key
  MATCH ()-[x:INFLUENCES {key: key}]->()
  USING INDEX SEEK x:INFLUENCES(key)
  SET x.current = false
`

export interface Retirement {
  job: EntityKey
  before: Structure
  after: Structure
}

/** Takes `current` from the edges that a job's former current version implied and the present one does not. */
export async function retireEdges(tx: GraphTransaction, retirements: readonly Retirement[]): Promise<void> {
  const jobEdges = retirements.flatMap(({ job, before, after }) => [
    ...without(before.reads, after.reads).map((dataset) => toJobEdge(job, { dataset, type: 'READS' })),
    ...without(before.writes, after.writes).map((dataset) => toJobEdge(job, { dataset, type: 'WRITES' })),
  ])
  const feeds = retirements.flatMap(({ before, after }) => [
    ...without(toKeys(before.feeds), toKeys(after.feeds)),
    ...without(toKeys(before.fieldFeeds), toKeys(after.fieldFeeds)),
    ...without(toKeys(before.mixedFeeds), toKeys(after.mixedFeeds)),
  ])
  const influences = retirements.flatMap(({ before, after }) =>
    without(toKeys(before.influences), toKeys(after.influences)),
  )
  await runRows(tx, retireJobEdgesStatement, jobEdges)
  await runRows(tx, retireFeedsStatement, feeds.toSorted())
  await runRows(tx, retireInfluencesStatement, influences.toSorted())
}

function toJobEdge(job: EntityKey, { dataset, type }: { dataset: EntityKey; type: string }) {
  return { job: fromEntityKey(job), dataset: fromEntityKey(dataset), type }
}

function toKeys(edges: readonly { key: string }[]): string[] {
  return edges.map(({ key }) => key)
}

function without(items: readonly string[], taken: readonly string[]): string[] {
  const gone = new Set(taken)
  return items.filter((item) => !gone.has(item))
}
