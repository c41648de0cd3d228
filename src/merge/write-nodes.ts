import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { fromEntityKey } from '../openlineage/keys.ts'
import type { DatasetNodeChange } from './dataset-changes.ts'
import type { JobNodeChange } from './job-changes.ts'
import { isEmpty } from './properties.ts'
import { runRows } from './run-rows.ts'

const mergeNamespacesStatement = cypher`
  UNWIND $rows AS name
  MERGE (:Namespace {name: name})
`

const placeJobsStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  MATCH (n:Namespace {name: row.namespace})
  USING INDEX SEEK n:Namespace(name)
  MERGE (j)-[:IN]->(n)
`

const placeDatasetsStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  MATCH (n:Namespace {name: row.namespace})
  USING INDEX SEEK n:Namespace(name)
  MERGE (d)-[:IN]->(n)
`

const writeJobsStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  SET j += row.properties
`

const writeDatasetsStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  SET d += row.properties
`

export async function writeJobs(tx: GraphTransaction, changes: readonly JobNodeChange[]): Promise<void> {
  const fresh = changes.filter(({ isNew }) => isNew).map(({ job }) => fromEntityKey(job))
  await runRows(tx, mergeNamespacesStatement, toNamespaces(fresh))
  await runRows(tx, placeJobsStatement, fresh)
  const rows = changes
    .filter(({ properties }) => !isEmpty(properties))
    .map(({ job, properties }) => ({ ...fromEntityKey(job), properties }))
  await runRows(tx, writeJobsStatement, rows)
}

export async function writeDatasets(
  tx: GraphTransaction,
  changes: readonly DatasetNodeChange[],
): Promise<void> {
  const fresh = changes.filter(({ isNew }) => isNew).map(({ dataset }) => fromEntityKey(dataset))
  await runRows(tx, mergeNamespacesStatement, toNamespaces(fresh))
  await runRows(tx, placeDatasetsStatement, fresh)
  const rows = changes
    .filter(({ properties }) => !isEmpty(properties))
    .map(({ dataset, properties }) => ({ ...fromEntityKey(dataset), properties }))
  await runRows(tx, writeDatasetsStatement, rows)
}

function toNamespaces(names: readonly { namespace: string }[]): string[] {
  return [...new Set(names.map(({ namespace }) => namespace))].toSorted()
}
