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
  const rows = changes.filter(({ properties }) => !isEmpty(properties))
  await runRows(
    tx,
    writeRunsStatement,
    rows.map(({ runId, properties }) => ({ runId, properties })),
  )

  const moved = changes.filter(({ before, after }) => before.job !== after.job)
  await runRows(tx, unlinkJobStatement, moved.filter(({ before }) => before.job !== undefined).map(toRunId))
  await runRows(
    tx,
    linkJobStatement,
    moved.flatMap(({ runId, after }) => toNamed(runId, after.job)),
  )

  const adopted = changes.filter(({ before, after }) => before.parent !== after.parent)
  await runRows(
    tx,
    unlinkParentStatement,
    adopted.filter(({ before }) => before.parent !== undefined).map(toRunId),
  )
  await runRows(
    tx,
    linkParentStatement,
    adopted.flatMap(({ runId, after }) => toOther(runId, after.parent)),
  )

  const rooted = changes.filter(({ before, after }) => before.root !== after.root)
  await runRows(
    tx,
    unlinkRootStatement,
    rooted.filter(({ before }) => before.root !== undefined).map(toRunId),
  )
  await runRows(
    tx,
    linkRootStatement,
    rooted.flatMap(({ runId, after }) => toOther(runId, after.root)),
  )

  await runRows(
    tx,
    writeReadsStatement,
    changes.flatMap(({ runId, reads }) => toDatasetRows(runId, reads)),
  )
  await runRows(
    tx,
    writeWritesStatement,
    changes.flatMap(({ runId, writes }) => toDatasetRows(runId, writes)),
  )
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
