import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { fromEntityKey, toContentKey, type EntityKey } from '../openlineage/keys.ts'
import { isIndexablePath } from '../project/schema-version.ts'
import type { StatedTest } from '../project/stated-tests.ts'
import { toStoredProperties } from './properties.ts'
import type { RunChange } from './run-changes.ts'
import { runRows } from './run-rows.ts'
import type { TestChange } from './test-changes.ts'

const deleteGoneStatement = cypher`
  UNWIND $rows AS row
  MATCH (t:TestResult {scope: row.scope})
  USING INDEX SEEK t:TestResult(scope)
  WHERE NOT t.key IN row.keys
  DETACH DELETE t
`

const writeResultsStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run {runId: row.runId})
  USING INDEX SEEK r:Run(runId)
  MERGE (t:TestResult {key: row.key})
  SET t += row.properties
  MERGE (r)-[:REPORTED]->(t)
`

const checkDatasetsStatement = cypher`
  UNWIND $rows AS row
  MATCH (t:TestResult {key: row.key})
  USING INDEX SEEK t:TestResult(key)
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  MERGE (t)-[:CHECKS]->(d)
`

const checkFieldsStatement = cypher`
  UNWIND $rows AS row
  MATCH (t:TestResult {key: row.key})
  USING INDEX SEEK t:TestResult(key)
  MATCH (f:Field {namespace: row.namespace, dataset: row.name, name: row.column})
  USING INDEX SEEK f:Field(namespace, dataset, name)
  MERGE (t)-[:CHECKS]->(f)
`

/** Writes the results of the tests that runs report; those that the newest facet does not name any more go. The runs are locked. */
export async function writeTestResults(tx: GraphTransaction, runs: readonly RunChange[]): Promise<void> {
  const sets = runs.flatMap(({ runId, tests }) => tests.map((change) => toResultSet(runId, change)))
  await runRows(
    tx,
    deleteGoneStatement,
    sets
      .filter(({ isFirst }) => !isFirst)
      .map(({ scope, rows }) => ({ scope, keys: rows.map(({ key }) => key) })),
  )
  const rows = sets.flatMap((set) => set.rows)
  await runRows(tx, writeResultsStatement, rows)
  const ofDatasets = rows.filter(({ name }) => name !== undefined)
  await runRows(
    tx,
    checkDatasetsStatement,
    ofDatasets.filter(({ column }) => column === undefined),
  )
  await runRows(
    tx,
    checkFieldsStatement,
    ofDatasets.filter(({ column }) => column !== undefined),
  )
}

function toResultSet(runId: string, { dataset, at, tests, isFirst }: TestChange) {
  const scope = toContentKey(JSON.stringify([runId, dataset]))
  const rows = tests.map((test) => ({
    ...toTarget(dataset, test),
    runId,
    key: toContentKey(JSON.stringify([runId, dataset, test.name, test.column])),
    properties: toStoredProperties({ ...toProperties(test), scope, checkedAt: at }),
  }))
  return { scope, isFirst, rows }
}

/** A test of a column that can have no node checks the dataset. */
function toTarget(dataset: EntityKey | undefined, { column }: StatedTest) {
  const isOfField = column !== undefined && isIndexablePath(column)
  const target = dataset === undefined ? undefined : fromEntityKey(dataset)
  return { namespace: target?.namespace, name: target?.name, column: isOfField ? column : undefined }
}

function toProperties({ name, status, severity, type, description, expected, actual }: StatedTest) {
  return {
    name,
    status,
    severity: severity ?? null,
    type: type ?? null,
    description: description ?? null,
    expected: expected ?? null,
    actual: actual ?? null,
  }
}
