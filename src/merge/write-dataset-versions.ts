import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { asText } from '../graph/values.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { ProducedVersion } from '../project/derive-run.ts'
import { toStoredProperties } from './properties.ts'
import type { DatasetChange, RunChange } from './run-changes.ts'
import { rowKey } from './row-key.ts'
import { runRows } from './run-rows.ts'

/** What changed in the versions that runs made. */
export interface VersionChange {
  runId: string
  dataset: EntityKey
  before: ProducedVersion | undefined
  after: ProducedVersion | undefined
}

const deleteVersionsStatement = cypher`
  UNWIND $rows AS row
  MATCH (v:DatasetVersion {key: row.key})
  USING INDEX SEEK v:DatasetVersion(key)
  DETACH DELETE v
`

const writeVersionsStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run {runId: row.runId})
  USING INDEX SEEK r:Run(runId)
  MATCH (d:Dataset {namespace: row.properties.namespace, name: row.properties.dataset})
  USING INDEX SEEK d:Dataset(namespace, name)
  MERGE (v:DatasetVersion {key: row.key})
  SET v += row.properties
  MERGE (r)-[:PRODUCED]->(v)
  MERGE (v)-[:VERSION_OF]->(d)
`

const unlinkSchemasStatement = cypher`
  UNWIND $rows AS row
  MATCH (v:DatasetVersion {key: row.key})-[x:HAS_SCHEMA]->(:SchemaVersion)
  USING INDEX SEEK v:DatasetVersion(key)
  DELETE x
`

const linkSchemasStatement = cypher`
  UNWIND $rows AS row
  MATCH (v:DatasetVersion {key: row.key})
  USING INDEX SEEK v:DatasetVersion(key)
  MATCH (s:SchemaVersion {key: row.schema})
  USING INDEX SEEK s:SchemaVersion(key)
  MERGE (v)-[:HAS_SCHEMA]->(s)
`

export function toVersionChanges(changes: readonly RunChange[]): VersionChange[] {
  return changes.flatMap(({ runId, before, after }) =>
    [...new Set([...before.produced.keys(), ...after.produced.keys()])].flatMap((dataset) => {
      const change = {
        runId,
        dataset,
        before: before.produced.get(dataset),
        after: after.produced.get(dataset),
      }
      return isSame(change) ? [] : [change]
    }),
  )
}

/** Makes, changes and takes back DatasetVersions. Counts come with the WROTE relationship's changes, which hold the newest. */
export async function writeDatasetVersions(
  tx: GraphTransaction,
  { versions, runs }: { versions: readonly VersionChange[]; runs: readonly RunChange[] },
): Promise<void> {
  const gone = versions.flatMap(({ before, after }) =>
    before !== undefined && after === undefined ? [before] : [],
  )
  await runRows(
    tx,
    deleteVersionsStatement,
    gone.map(({ key }) => ({ key })),
  )
  const made = versions.flatMap(({ runId, dataset, after }) =>
    after === undefined ? [] : [toRow({ runId, dataset, after })],
  )
  await runRows(tx, writeVersionsStatement, made)
  const reschemed = versions.filter(
    ({ before, after }) => before !== undefined && before.schema !== after?.schema,
  )
  await runRows(
    tx,
    unlinkSchemasStatement,
    reschemed.flatMap(({ after }) => (after === undefined ? [] : [{ key: after.key }])),
  )
  const withSchema = versions.flatMap(({ after }) =>
    after?.schema === undefined ? [] : [{ key: after.key, schema: after.schema }],
  )
  await runRows(tx, linkSchemasStatement, withSchema)
  await copyCounts(tx, { versions, runs })
}

const copyCountsStatement = cypher`
  UNWIND $rows AS row
  MATCH (v:DatasetVersion {key: row.key})
  USING INDEX SEEK v:DatasetVersion(key)
  MATCH (r:Run {runId: row.runId})-[w:WROTE]->(d:Dataset {namespace: row.namespace, name: row.name})
  USING INDEX SEEK r:Run(runId)
  USING INDEX SEEK d:Dataset(namespace, name)
  SET v.rowCount = w.rowCount, v.byteCount = w.byteCount, v.fileCount = w.fileCount
`

/** A version's counts are those of the write that made it, which stand on WROTE by now. */
async function copyCounts(
  tx: GraphTransaction,
  { versions, runs }: { versions: readonly VersionChange[]; runs: readonly RunChange[] },
): Promise<void> {
  const fresh = versions.flatMap(({ runId, dataset, before, after }) =>
    before === undefined && after !== undefined ? [{ runId, dataset, key: after.key }] : [],
  )
  const recounted = runs.flatMap(({ runId, before, after, writes }) =>
    writes.filter(hasCounts).flatMap(({ dataset }) => {
      const version = after.produced.get(dataset)
      return version === undefined || !before.produced.has(dataset)
        ? []
        : [{ runId, dataset, key: version.key }]
    }),
  )
  const rows = [...fresh, ...recounted].map(({ runId, dataset, key }) => ({
    runId,
    key,
    ...fromEntityKey(dataset),
  }))
  await runRows(tx, copyCountsStatement, rows)
}

const findNewestStatement = cypher`
  UNWIND $rows AS row
  CALL (row) {
    MATCH (v:DatasetVersion)
    WHERE v.namespace = row.namespace AND v.dataset = row.name AND v.writtenAt IS NOT NULL
    RETURN v ORDER BY v.namespace DESC, v.dataset DESC, v.writtenAt DESC, v.clock DESC LIMIT 1
  }
  RETURN row.namespace AS namespace, row.name AS name, v.clock AS clock, v.change AS change
`

const findNewestSchemaStatement = cypher`
  UNWIND $rows AS row
  CALL (row) {
    MATCH (v:DatasetVersion)
    WHERE v.namespace = row.namespace AND v.dataset = row.name AND v.writtenAt IS NOT NULL AND v.schema IS NOT NULL
    RETURN v ORDER BY v.namespace DESC, v.dataset DESC, v.writtenAt DESC, v.clock DESC LIMIT 1
  }
  RETURN row.namespace AS namespace, row.name AS name, v.clock AS clock, v.schema AS schema
`

export interface NewestVersion {
  clock: string
  change: string | undefined
  schema: string | undefined
}

/** The newest version that each dataset has left, after some were taken back. */
export async function findNewestVersions(
  tx: GraphTransaction,
  datasets: readonly EntityKey[],
): Promise<{ newest: Map<EntityKey, NewestVersion>; withSchema: Map<EntityKey, NewestVersion> }> {
  const rows = datasets.map(fromEntityKey)
  const [newest, withSchema] = [
    await runRows(tx, findNewestStatement, rows),
    await runRows(tx, findNewestSchemaStatement, rows),
  ]
  return { newest: new Map(newest.map(toNewest)), withSchema: new Map(withSchema.map(toNewest)) }
}

function toNewest(row: Record<string, unknown>): [EntityKey, NewestVersion] {
  return [
    rowKey(row),
    { clock: String(row['clock']), change: asText(row['change']), schema: asText(row['schema']) },
  ]
}

function toRow({ runId, dataset, after }: { runId: string; dataset: EntityKey; after: ProducedVersion }) {
  const { key, version, writtenAt, change, assumed, schema, clock } = after
  const { namespace, name } = fromEntityKey(dataset)
  const properties = toStoredProperties({
    namespace,
    dataset: name,
    version,
    writtenAt,
    change,
    assumed,
    clock,
    schema: schema ?? null,
  })
  return { runId, key, properties }
}

function isSame({ before, after }: VersionChange): boolean {
  return JSON.stringify(before) === JSON.stringify(after)
}

function hasCounts({ properties }: DatasetChange): boolean {
  return 'rowCount' in properties || 'byteCount' in properties || 'fileCount' in properties
}
