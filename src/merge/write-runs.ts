import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import { isEmpty } from './properties.ts'
import type { DatasetChange, RunChange } from './run-changes.ts'
import { runRows } from './run-rows.ts'

const writeRunsStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run {runId: row.runId})
  USING INDEX SEEK r:Run(runId)
  SET r += row.properties
`

const unlinkJobStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run {runId: row.runId})-[x:RUN_OF]->(:Job)
  USING INDEX SEEK r:Run(runId)
  DELETE x
`

const linkJobStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run {runId: row.runId})
  USING INDEX SEEK r:Run(runId)
  MATCH (j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  MERGE (r)-[:RUN_OF]->(j)
`

const unlinkParentStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run {runId: row.runId})-[x:CHILD_OF]->(:Run)
  USING INDEX SEEK r:Run(runId)
  DELETE x
`

const linkParentStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run {runId: row.runId})
  USING INDEX SEEK r:Run(runId)
  MATCH (other:Run {runId: row.other})
  USING INDEX SEEK other:Run(runId)
  MERGE (r)-[:CHILD_OF]->(other)
`

const unlinkRootStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run {runId: row.runId})-[x:ROOT]->(:Run)
  USING INDEX SEEK r:Run(runId)
  DELETE x
`

const linkRootStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run {runId: row.runId})
  USING INDEX SEEK r:Run(runId)
  MATCH (other:Run {runId: row.other})
  USING INDEX SEEK other:Run(runId)
  MERGE (r)-[:ROOT]->(other)
`

const writeReadsStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run {runId: row.runId})
  USING INDEX SEEK r:Run(runId)
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  MERGE (r)-[x:READ]->(d)
  SET x += row.properties
`

const writeWritesStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run {runId: row.runId})
  USING INDEX SEEK r:Run(runId)
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  MERGE (r)-[x:WROTE]->(d)
  SET x += row.properties
`

/** Writes what changed of the locked runs themselves, and of their ties to job, parent, root and datasets. */
export async function writeRuns(tx: GraphTransaction, changes: readonly RunChange[]): Promise<void> {
  await Promise.all([
    writeProperties(tx, changes),
    moveToJobs(tx, changes),
    moveToParents(tx, changes),
    moveToRoots(tx, changes),
    writeDatasetTies(tx, changes),
  ])
}

async function writeProperties(tx: GraphTransaction, changes: readonly RunChange[]): Promise<void> {
  const changed = changes.filter(({ properties }) => !isEmpty(properties))
  const rows = changed.map(({ runId, properties }) => ({ runId, properties }))
  await runRows(tx, writeRunsStatement, rows)
}

async function moveToJobs(tx: GraphTransaction, changes: readonly RunChange[]): Promise<void> {
  const moved = changes.filter(({ before, after }) => before.job !== after.job)
  const left = moved.filter(({ before }) => before.job !== undefined)
  await runRows(tx, unlinkJobStatement, left.map(toRunId))
  const joined = moved.flatMap(({ runId, after }) => toNamed(runId, after.job))
  await runRows(tx, linkJobStatement, joined)
}

async function moveToParents(tx: GraphTransaction, changes: readonly RunChange[]): Promise<void> {
  const moved = changes.filter(({ before, after }) => before.parent !== after.parent)
  const left = moved.filter(({ before }) => before.parent !== undefined)
  await runRows(tx, unlinkParentStatement, left.map(toRunId))
  const joined = moved.flatMap(({ runId, after }) => toOther(runId, after.parent))
  await runRows(tx, linkParentStatement, joined)
}

async function moveToRoots(tx: GraphTransaction, changes: readonly RunChange[]): Promise<void> {
  const moved = changes.filter(({ before, after }) => before.root !== after.root)
  const left = moved.filter(({ before }) => before.root !== undefined)
  await runRows(tx, unlinkRootStatement, left.map(toRunId))
  const joined = moved.flatMap(({ runId, after }) => toOther(runId, after.root))
  await runRows(tx, linkRootStatement, joined)
}

async function writeDatasetTies(tx: GraphTransaction, changes: readonly RunChange[]): Promise<void> {
  const reads = changes.flatMap(({ runId, reads: ofRun }) => toDatasetRows(runId, ofRun))
  const writes = changes.flatMap(({ runId, writes: ofRun }) => toDatasetRows(runId, ofRun))
  await Promise.all([runRows(tx, writeReadsStatement, reads), runRows(tx, writeWritesStatement, writes)])
}

function toRunId({ runId }: RunChange): { runId: string } {
  return { runId }
}

function toNamed(runId: string, key: EntityKey | undefined) {
  return key === undefined ? [] : [{ runId, ...fromEntityKey(key) }]
}

function toOther(runId: string, other: string | undefined) {
  return other === undefined ? [] : [{ runId, other }]
}

function toDatasetRows(runId: string, changes: readonly DatasetChange[]) {
  return changes.map(({ dataset, properties }) => ({ runId, ...fromEntityKey(dataset), properties }))
}
