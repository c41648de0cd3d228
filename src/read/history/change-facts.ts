import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asText, fromDateTime, toDateTime } from '../../graph/values.ts'
import { isJsonObject } from '../../openlineage/json-object.ts'
import { toEntityKey, type EntityKey, type EntityName } from '../../openlineage/keys.ts'
import type { Instant } from '../../openlineage/time.ts'

/** Runs of a job, and versions of a dataset, that are looked at: those since the last good run and some before, to compare with. */
const runsOfJobMax = 40
const versionsOfDatasetMax = 40

export interface JobRun {
  runId: string
  state: string
  startedAt: Instant
  endedAt: Instant | undefined
  errorMessage: string | undefined
  /** Key of its JobVersion, and that version's `structure`. */
  jobVersion: string | undefined
  structure: string | undefined
}

export interface WrittenVersion {
  writtenAt: Instant
  change: string
  rowCount: number | undefined
  schema: string | undefined
  runId: string | undefined
}

const readNewestRuns = cypher`
  UNWIND $jobs AS one
  CALL (one) {
    MATCH (r:Run)
    WHERE r.jobNamespace = one.namespace AND r.jobName = one.name AND r.startedAt <= $until
    WITH r ORDER BY r.jobNamespace DESC, r.jobName DESC, r.startedAt DESC LIMIT toInteger($rows)
    OPTIONAL MATCH (r)-[:OF_VERSION]->(v:JobVersion)
    RETURN r, v
  }
  RETURN one.namespace AS namespace, one.name AS name,
    r {.runId, .state, .startedAt, .endedAt, errorMessage: left(r.errorMessage, 300)} AS run, v.key AS version, v.structure AS structure
  ORDER BY r.startedAt DESC, r.runId DESC
`

const readNewestVersions = cypher`
  UNWIND $datasets AS one
  CALL (one) {
    MATCH (v:DatasetVersion)
    WHERE v.namespace = one.namespace AND v.dataset = one.name AND v.writtenAt <= $until
    WITH v ORDER BY v.namespace DESC, v.dataset DESC, v.writtenAt DESC LIMIT toInteger($rows)
    OPTIONAL MATCH (v)<-[:PRODUCED]-(r:Run)
    RETURN v, r
  }
  RETURN one.namespace AS namespace, one.name AS name, v {.writtenAt, .change, .rowCount, .schema} AS version, r.runId AS runId
  ORDER BY v.writtenAt DESC, v.key DESC
`

const readFields = cypher`
  UNWIND $keys AS key
  MATCH (s:SchemaVersion {key: key})
  RETURN key, s.fields AS fields
`

/** The runs of jobs that had begun by a time, the newest first, so many of each. */
export async function readRunsUntil(
  tx: GraphTransaction,
  { jobs, until }: { jobs: readonly EntityName[]; until: Instant },
): Promise<Map<EntityKey, JobRun[]>> {
  const rows = await tx.run(readNewestRuns, { jobs, until: toDateTime(until), rows: runsOfJobMax })
  return groupByName(rows, (row) => {
    const run = isJsonObject(row['run']) ? row['run'] : {}
    return {
      runId: String(run['runId']),
      state: asText(run['state']) ?? 'OTHER',
      startedAt: fromDateTime(run['startedAt']) ?? '',
      endedAt: fromDateTime(run['endedAt']),
      errorMessage: asText(run['errorMessage']),
      jobVersion: asText(row['version']),
      structure: asText(row['structure']),
    }
  })
}

/** The versions of datasets written by a time, the newest first, so many of each. */
export async function readVersionsUntil(
  tx: GraphTransaction,
  { datasets, until }: { datasets: readonly EntityName[]; until: Instant },
): Promise<Map<EntityKey, WrittenVersion[]>> {
  const rows = await tx.run(readNewestVersions, {
    datasets,
    until: toDateTime(until),
    rows: versionsOfDatasetMax,
  })
  return groupByName(rows, (row) => {
    const version = isJsonObject(row['version']) ? row['version'] : {}
    return {
      writtenAt: fromDateTime(version['writtenAt']) ?? '',
      change: String(version['change']),
      rowCount: typeof version['rowCount'] === 'number' ? version['rowCount'] : undefined,
      schema: asText(version['schema']),
      runId: asText(row['runId']),
    }
  })
}

/** The fields of SchemaVersions, by their keys. */
export async function readFieldsOf(
  tx: GraphTransaction,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const rows = keys.length === 0 ? [] : await tx.run(readFields, { keys })
  return new Map(rows.map((row) => [String(row['key']), asText(row['fields']) ?? '[]']))
}

function groupByName<T>(rows: readonly Row[], toValue: (row: Row) => T): Map<EntityKey, T[]> {
  const groups = new Map<EntityKey, T[]>()
  for (const row of rows) {
    const key = toEntityKey({ namespace: String(row['namespace']), name: String(row['name']) })
    const group = groups.get(key) ?? []
    group.push(toValue(row))
    groups.set(key, group)
  }
  return groups
}
