import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
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
  await placeJobs(
    tx,
    changes.filter(({ isNew }) => isNew).map(({ job }) => job),
  )
  const rows = changes
    .filter(({ properties }) => !isEmpty(properties))
    .map(({ job, properties }) => ({ ...fromEntityKey(job), properties }))
  await runRows(tx, writeJobsStatement, rows)
}

export async function writeDatasets(
  tx: GraphTransaction,
  changes: readonly DatasetNodeChange[],
): Promise<void> {
  await placeDatasets(
    tx,
    changes.filter(({ isNew }) => isNew).map(({ dataset }) => dataset),
  )
  const rows = changes
    .filter(({ properties }) => !isEmpty(properties))
    .map(({ dataset, properties }) => ({ ...fromEntityKey(dataset), properties }))
  await runRows(tx, writeDatasetsStatement, rows)
}

/** Puts new jobs into their namespaces. */
export async function placeJobs(tx: GraphTransaction, jobs: readonly EntityKey[]): Promise<void> {
  const fresh = jobs.map(fromEntityKey)
  await runRows(tx, mergeNamespacesStatement, toNamespaces(fresh))
  await runRows(tx, placeJobsStatement, fresh)
}

/** Puts new datasets into their namespaces. */
export async function placeDatasets(tx: GraphTransaction, datasets: readonly EntityKey[]): Promise<void> {
  const fresh = datasets.map(fromEntityKey)
  await runRows(tx, mergeNamespacesStatement, toNamespaces(fresh))
  await runRows(tx, placeDatasetsStatement, fresh)
}

function toNamespaces(names: readonly { namespace: string }[]): string[] {
  return [...new Set(names.map(({ namespace }) => namespace))].toSorted()
}
