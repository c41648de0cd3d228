import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { asText, fromDateTimeText } from '../graph/values.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import { toHour, type Instant } from '../openlineage/time.ts'
import { decodeRun } from '../project/decode-run.ts'
import { clockTime } from '../project/clock.ts'
import { deriveRun } from '../project/derive-run.ts'
import { decodeContent, type JobContent } from '../project/job-content.ts'
import { rowKey } from './row-key.ts'
import { runRows } from './run-rows.ts'

/** Something that implies edges of a job: a version of it, or a run while it has none. */
export interface StandingWork {
  job: EntityKey
  version: string | undefined
  content: JobContent
  first: Instant
  /** Rounded down to the hour. */
  last: Instant
  clock: string
}

const findJobVersionsStatement = cypher`
  UNWIND $rows AS row
  MATCH (v:JobVersion)-[:VERSION_OF]->(j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  RETURN row.namespace AS namespace, row.name AS name, v.key AS key, v.structure AS structure,
    toString(v.firstSeenAt) AS first, toString(v.lastSeenAt) AS last, v.clock AS clock
`

export async function findJobVersions(
  tx: GraphTransaction,
  jobs: readonly EntityKey[],
): Promise<StandingWork[]> {
  const rows = await runRows(tx, findJobVersionsStatement, jobs.map(fromEntityKey))
  return rows.map((row) => ({
    job: rowKey(row),
    version: String(row['key']),
    content: decodeContent(String(row['structure'])),
    first: fromDateTimeText(row['first']) ?? '',
    last: fromDateTimeText(row['last']) ?? '',
    clock: String(row['clock']),
  }))
}

const findJobRunsStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run)-[:RUN_OF]->(j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  WHERE r.state IS NOT NULL
  RETURN row.namespace AS namespace, row.name AS name, r.runId AS runId, r.accumulated AS accumulated
`

/** All that the runs of jobs without a version have said so far. */
export async function findJobRuns(tx: GraphTransaction, jobs: readonly EntityKey[]): Promise<StandingWork[]> {
  const rows = await runRows(tx, findJobRunsStatement, jobs.map(fromEntityKey))
  return rows.flatMap((row) => {
    const job = rowKey(row)
    const { work } = deriveRun(String(row['runId']), decodeRun(asText(row['accumulated'])))
    if (work === undefined || work.job !== job) return []
    return [{ ...work, job, version: undefined, last: toHour(work.last) }]
  })
}

const findDeclarationsStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  WHERE j.declared IS NOT NULL
  RETURN row.namespace AS namespace, row.name AS name, j.declared AS declared, j.declaredClock AS clock
`

/** What the newest JobEvent of each job declares, where there is one. */
export async function findDeclarations(
  tx: GraphTransaction,
  jobs: readonly EntityKey[],
): Promise<StandingWork[]> {
  const rows = await runRows(tx, findDeclarationsStatement, jobs.map(fromEntityKey))
  return rows.map((row) => {
    const clock = String(row['clock'])
    const at = clockTime(clock)
    return {
      job: rowKey(row),
      version: undefined,
      content: decodeContent(String(row['declared'])),
      first: at,
      last: toHour(at),
      clock,
    }
  })
}

const findVersionContentsStatement = cypher`
  UNWIND $rows AS key
  MATCH (v:JobVersion {key: key})
  USING INDEX SEEK v:JobVersion(key)
  RETURN v.key AS key, v.structure AS structure
`

export async function findVersionContents(
  tx: GraphTransaction,
  keys: readonly string[],
): Promise<Map<string, JobContent>> {
  const rows = await runRows(tx, findVersionContentsStatement, keys)
  return new Map(rows.map((row) => [String(row['key']), decodeContent(String(row['structure']))]))
}
