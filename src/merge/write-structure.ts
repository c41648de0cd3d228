import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { Structure } from '../project/structure.ts'
import { runRows } from './run-rows.ts'
import type { StructureRows } from './structure-rows.ts'

/*
 * A job's edges are written under the job's lock only, so each statement may compare with what stands there: times widen, `current`
 * stays once set (what sets it back says so below), the strongest derivation stands.
 */

const writeReadsStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.job.namespace, name: row.job.name})
  USING INDEX SEEK j:Job(namespace, name)
  MATCH (d:Dataset {namespace: row.dataset.namespace, name: row.dataset.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  MERGE (j)-[x:READS]->(d)
  SET x.current = coalesce(x.current, false) OR row.isCurrent,
    x.firstSeenAt = CASE WHEN x.firstSeenAt < row.first THEN x.firstSeenAt ELSE row.first END,
    x.lastSeenAt = CASE WHEN x.lastSeenAt > row.last THEN x.lastSeenAt ELSE row.last END
`

const writeWritesStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.job.namespace, name: row.job.name})
  USING INDEX SEEK j:Job(namespace, name)
  MATCH (d:Dataset {namespace: row.dataset.namespace, name: row.dataset.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  MERGE (j)-[x:WRITES]->(d)
  SET x.current = coalesce(x.current, false) OR row.isCurrent,
    x.firstSeenAt = CASE WHEN x.firstSeenAt < row.first THEN x.firstSeenAt ELSE row.first END,
    x.lastSeenAt = CASE WHEN x.lastSeenAt > row.last THEN x.lastSeenAt ELSE row.last END
`

const writeFeedsStatement = cypher`
  UNWIND $rows AS row
  MATCH (a:Dataset {namespace: row.from.namespace, name: row.from.name})
  USING INDEX SEEK a:Dataset(namespace, name)
  MATCH (b:Dataset {namespace: row.to.namespace, name: row.to.name})
  USING INDEX SEEK b:Dataset(namespace, name)
  MERGE (a)-[x:FEEDS {key: row.key}]->(b)
  SET x.jobNamespace = row.job.namespace, x.jobName = row.job.name,
    x.derivation = CASE WHEN x.derivation IN ['EXPLICIT', row.derivation] OR (x.derivation = 'COLUMN' AND row.derivation = 'IO')
      THEN x.derivation ELSE row.derivation END,
    x.current = coalesce(x.current, false) OR row.isCurrent,
    x.firstSeenAt = CASE WHEN x.firstSeenAt < row.first THEN x.firstSeenAt ELSE row.first END,
    x.lastSeenAt = CASE WHEN x.lastSeenAt > row.last THEN x.lastSeenAt ELSE row.last END
`

const writeFieldFeedsStatement = cypher`
  UNWIND $rows AS row
  MATCH (a:Field {namespace: row.from.namespace, dataset: row.from.name, name: row.from.field})
  USING INDEX SEEK a:Field(namespace, dataset, name)
  MATCH (b:Field {namespace: row.to.namespace, dataset: row.to.name, name: row.to.field})
  USING INDEX SEEK b:Field(namespace, dataset, name)
  MERGE (a)-[x:FEEDS {key: row.key}]->(b)
  SET x.jobNamespace = row.job.namespace, x.jobName = row.job.name,
    x.derivation = CASE WHEN x.derivation = 'EXPLICIT' THEN x.derivation ELSE row.derivation END,
    x.type = row.type, x.subtype = row.subtype,
    x.masking = coalesce(x.masking, false) OR row.masking,
    x.description = CASE WHEN x.description > row.description THEN x.description ELSE coalesce(row.description, x.description) END,
    x.current = coalesce(x.current, false) OR row.isCurrent,
    x.firstSeenAt = CASE WHEN x.firstSeenAt < row.first THEN x.firstSeenAt ELSE row.first END,
    x.lastSeenAt = CASE WHEN x.lastSeenAt > row.last THEN x.lastSeenAt ELSE row.last END
`

const writeInfluencesStatement = cypher`
  UNWIND $rows AS row
  MATCH (a:Field {namespace: row.from.namespace, dataset: row.from.name, name: row.from.field})
  USING INDEX SEEK a:Field(namespace, dataset, name)
  MATCH (b:Dataset {namespace: row.to.namespace, name: row.to.name})
  USING INDEX SEEK b:Dataset(namespace, name)
  MERGE (a)-[x:INFLUENCES {key: row.key}]->(b)
  SET x.jobNamespace = row.job.namespace, x.jobName = row.job.name,
    x.derivation = CASE WHEN x.derivation = 'EXPLICIT' THEN x.derivation ELSE row.derivation END,
    x.type = row.type, x.subtype = row.subtype,
    x.masking = coalesce(x.masking, false) OR row.masking,
    x.description = CASE WHEN x.description > row.description THEN x.description ELSE coalesce(row.description, x.description) END,
    x.current = coalesce(x.current, false) OR row.isCurrent,
    x.firstSeenAt = CASE WHEN x.firstSeenAt < row.first THEN x.firstSeenAt ELSE row.first END,
    x.lastSeenAt = CASE WHEN x.lastSeenAt > row.last THEN x.lastSeenAt ELSE row.last END
`

/** Explicit lineage may lead from, or to, a job, and from a whole dataset to a field. */
const writeMixedFeedsStatement = cypher`
  UNWIND $rows AS row
  CALL (row) {
    MATCH (n:Job {namespace: row.from.namespace, name: row.from.name})
    USING INDEX SEEK n:Job(namespace, name)
    WHERE row.from.kind = 'JOB'
    RETURN n AS a
    UNION
    MATCH (n:Dataset {namespace: row.from.namespace, name: row.from.name})
    USING INDEX SEEK n:Dataset(namespace, name)
    WHERE row.from.kind = 'DATASET'
    RETURN n AS a
    UNION
    MATCH (n:Field {namespace: row.from.namespace, dataset: row.from.name, name: row.from.field})
    USING INDEX SEEK n:Field(namespace, dataset, name)
    WHERE row.from.kind = 'FIELD'
    RETURN n AS a
  }
  CALL (row) {
    MATCH (n:Job {namespace: row.to.namespace, name: row.to.name})
    USING INDEX SEEK n:Job(namespace, name)
    WHERE row.to.kind = 'JOB'
    RETURN n AS b
    UNION
    MATCH (n:Dataset {namespace: row.to.namespace, name: row.to.name})
    USING INDEX SEEK n:Dataset(namespace, name)
    WHERE row.to.kind = 'DATASET'
    RETURN n AS b
    UNION
    MATCH (n:Field {namespace: row.to.namespace, dataset: row.to.name, name: row.to.field})
    USING INDEX SEEK n:Field(namespace, dataset, name)
    WHERE row.to.kind = 'FIELD'
    RETURN n AS b
  }
  MERGE (a)-[x:FEEDS {key: row.key}]->(b)
  SET x.jobNamespace = row.job.namespace, x.jobName = row.job.name, x.derivation = row.derivation,
    x.type = row.type, x.subtype = row.subtype,
    x.masking = coalesce(x.masking, false) OR row.masking,
    x.description = CASE WHEN x.description > row.description THEN x.description ELSE coalesce(row.description, x.description) END,
    x.current = coalesce(x.current, false) OR row.isCurrent,
    x.firstSeenAt = CASE WHEN x.firstSeenAt < row.first THEN x.firstSeenAt ELSE row.first END,
    x.lastSeenAt = CASE WHEN x.lastSeenAt > row.last THEN x.lastSeenAt ELSE row.last END
`

export async function writeStructure(tx: GraphTransaction, rows: StructureRows): Promise<void> {
  await Promise.all([
    runRows(tx, writeReadsStatement, rows.reads),
    runRows(tx, writeWritesStatement, rows.writes),
    runRows(tx, writeFeedsStatement, rows.feeds),
    runRows(tx, writeFieldFeedsStatement, rows.fieldFeeds),
    runRows(tx, writeInfluencesStatement, rows.influences),
    runRows(tx, writeMixedFeedsStatement, rows.mixedFeeds),
  ])
}

const deleteJobEdgesStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})-[x:READS|WRITES]->(:Dataset)
  USING INDEX SEEK j:Job(namespace, name)
  DELETE x
`

const deleteFlowsStatement = cypher`
  UNWIND $rows AS row
  MATCH ()-[x:FEEDS {jobNamespace: row.namespace, jobName: row.name}]->()
  USING INDEX SEEK x:FEEDS(jobNamespace, jobName)
  DELETE x
`

const deleteInfluencesStatement = cypher`
  UNWIND $rows AS row
  MATCH ()-[x:INFLUENCES {jobNamespace: row.namespace, jobName: row.name}]->()
  USING INDEX SEEK x:INFLUENCES(jobNamespace, jobName)
  DELETE x
`

/** Takes back all edges of the jobs' structures, so that they can be written anew from what still implies them. */
export async function deleteStructures(tx: GraphTransaction, jobs: readonly EntityKey[]): Promise<void> {
  const rows = jobs.map(fromEntityKey)
  await runRows(tx, deleteJobEdgesStatement, rows)
  await runRows(tx, deleteFlowsStatement, rows)
  await runRows(tx, deleteInfluencesStatement, rows)
}

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
