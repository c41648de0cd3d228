import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import { rowKey } from './row-key.ts'
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

/** Where nothing has to be looked for, and compared with what stands there, an edge takes a fifth less. */
const createFieldFeedsStatement = cypher`
  UNWIND $rows AS row
  MATCH (a:Field {namespace: row.from.namespace, dataset: row.from.name, name: row.from.field})
  USING INDEX SEEK a:Field(namespace, dataset, name)
  MATCH (b:Field {namespace: row.to.namespace, dataset: row.to.name, name: row.to.field})
  USING INDEX SEEK b:Field(namespace, dataset, name)
  CREATE (a)-[:FEEDS {key: row.key, jobNamespace: row.job.namespace, jobName: row.job.name, derivation: row.derivation,
    type: row.type, subtype: row.subtype, masking: row.masking, description: row.description, current: row.isCurrent,
    firstSeenAt: row.first, lastSeenAt: row.last}]->(b)
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

const findFlowsStatement = cypher`
  UNWIND $rows AS row
  MATCH ()-[x:FEEDS {jobNamespace: row.namespace, jobName: row.name}]->()
  USING INDEX SEEK x:FEEDS(jobNamespace, jobName)
  RETURN DISTINCT row.namespace AS namespace, row.name AS name
`

/** Which of these locked jobs have no flow: nobody else can give them one before we commit. */
export async function findJobsWithoutFlow(
  tx: GraphTransaction,
  jobs: readonly EntityKey[],
): Promise<Set<EntityKey>> {
  const without = new Set(jobs)
  for (const row of await runRows(tx, findFlowsStatement, jobs.map(fromEntityKey)))
    without.delete(rowKey(row))
  return without
}

export async function writeStructure(tx: GraphTransaction, rows: StructureRows): Promise<void> {
  await Promise.all([
    runRows(tx, writeReadsStatement, rows.reads),
    runRows(tx, writeWritesStatement, rows.writes),
    runRows(tx, writeFeedsStatement, rows.feeds),
    runRows(tx, writeFieldFeedsStatement, rows.fieldFeeds),
    runRows(tx, createFieldFeedsStatement, rows.newFieldFeeds),
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
