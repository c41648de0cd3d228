import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asText, fromDateTime } from '../../graph/values.ts'
import { isJsonObject } from '../../openlineage/json-object.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import type { Instant } from '../../openlineage/time.ts'
import { jobOf } from '../entities/shown-names.ts'

/** A run with what it read, as far as the origin of data needs it. */
export interface OriginRun {
  runId: string
  job: EntityName | undefined
  state: string | undefined
  startedAt: Instant | undefined
  endedAt: Instant | undefined
  /** Key of its JobVersion; undefined for a run that has not completed. */
  jobVersion: string | undefined
  /** Fingerprint, or version, of its source code. */
  source: string | undefined
  reads: {
    dataset: EntityName
    version: string | undefined
    at: Instant | undefined
    rowCount: number | undefined
  }[]
  hasMoreReads: boolean
}

/** What one run read, so many at most. */
const readsMax = 200

const readOriginRuns = cypher`
  UNWIND $runIds AS runId
  MATCH (r:Run {runId: runId})
  RETURN r {.runId, .state, .startedAt, .endedAt, .jobNamespace, .jobName} AS run,
    COLLECT { MATCH (r)-[:OF_VERSION]->(v:JobVersion) RETURN v {.key, .source} }[0] AS version,
    COLLECT {
      MATCH (r)-[x:READ]->(d:Dataset)
      WITH x, d ORDER BY d.namespace, d.name LIMIT toInteger($reads)
      RETURN d {.namespace, .name, version: x.version, at: x.at, rowCount: x.rowCount}
    } AS reads
`

/** Runs by their ids, those that are there. */
export async function readRunsWithReads(
  tx: GraphTransaction,
  runIds: readonly string[],
): Promise<OriginRun[]> {
  if (runIds.length === 0) return []
  const rows = await tx.run(readOriginRuns, { runIds, reads: readsMax + 1 })
  return rows.map(toOriginRun)
}

function toOriginRun(row: Row): OriginRun {
  const run = isJsonObject(row['run']) ? row['run'] : {}
  const version = isJsonObject(row['version']) ? row['version'] : {}
  const reads = Array.isArray(row['reads']) ? row['reads'].filter(isJsonObject) : []
  return {
    runId: String(run['runId']),
    job: jobOf(run),
    state: asText(run['state']),
    startedAt: fromDateTime(run['startedAt']),
    endedAt: fromDateTime(run['endedAt']),
    jobVersion: asText(version['key']),
    source: asText(version['source']),
    reads: reads.slice(0, readsMax).map((read) => ({
      dataset: { namespace: String(read['namespace']), name: String(read['name']) },
      version: asText(read['version']),
      at: fromDateTime(read['at']),
      rowCount: typeof read['rowCount'] === 'number' ? read['rowCount'] : undefined,
    })),
    hasMoreReads: reads.length > readsMax,
  }
}
