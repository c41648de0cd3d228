import type { GraphTransaction } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asText, toDateTime } from '../../graph/values.ts'
import { fromEntityKey, toEntityKey, type EntityKey } from '../../openlineage/keys.ts'
import type { Instant } from '../../openlineage/time.ts'
import { noContent, toVersionContent, type VersionContent } from '../entities/version-content.ts'
import { latest } from '../entities/positions.ts'
import { lineageKeysOf, toFlows, toStatedSources, type Flow } from './stated-flows.ts'

/** Runs of a job that are looked through for the newest that had completed. */
const runsMax = 500

/** The content of each job's newest run that had completed by a time. */
const readContentsAt = cypher`
  UNWIND $jobs AS one
  CALL (one) {
    MATCH (r:Run)
    WHERE r.jobNamespace = one.namespace AND r.jobName = one.name AND r.startedAt <= $at
    WITH r ORDER BY r.jobNamespace DESC, r.jobName DESC, r.startedAt DESC LIMIT toInteger($runs)
    WITH r WHERE r.endedAt IS NULL OR r.endedAt <= $at
    MATCH (r)-[:OF_VERSION]->(v:JobVersion)
    RETURN v LIMIT 1
  }
  RETURN one.namespace AS namespace, one.name AS name, v.structure AS structure
`

const readLineageContents = cypher`
  UNWIND $keys AS key
  MATCH (c:ColumnLineage {key: key})
  USING INDEX SEEK c:ColumnLineage(key)
  RETURN c.key AS key, c.content AS content
`

/** What a job read, wrote and let flow at a time. */
export interface StructureAt {
  content: VersionContent
  flows: Flow[]
}

/**
 * The structure of jobs as of two times.
 * @returns undefined for a job of which no run has ever completed: it has no versions to go by
 */
export async function readStructuresAt(
  tx: GraphTransaction,
  { jobs, from, to }: { jobs: readonly EntityKey[]; from: Instant; to: Instant },
): Promise<Map<EntityKey, { from: StructureAt; to: StructureAt } | undefined>> {
  const contentsAt = (at: Instant) => readContents(tx, jobs, at)
  const [before, after, ever] = await Promise.all([contentsAt(from), contentsAt(to), contentsAt(latest)])
  const keys = lineageKeysOf([...before.values(), ...after.values()])
  const rows = keys.length === 0 ? [] : await tx.run(readLineageContents, { keys })
  const stated = new Map(
    rows.map((row) => [String(row['key']), toStatedSources(asText(row['content']) ?? '{}')]),
  )
  const toStructure = (content: VersionContent = noContent) => ({ content, flows: toFlows(content, stated) })
  return new Map(
    jobs.map((job) => [
      job,
      ever.has(job) ? { from: toStructure(before.get(job)), to: toStructure(after.get(job)) } : undefined,
    ]),
  )
}

async function readContents(
  tx: GraphTransaction,
  jobs: readonly EntityKey[],
  at: Instant,
): Promise<Map<EntityKey, VersionContent>> {
  const rows = await tx.run(readContentsAt, {
    jobs: jobs.map(fromEntityKey),
    at: toDateTime(at),
    runs: runsMax,
  })
  return new Map(
    rows.map((row) => [
      toEntityKey({ namespace: String(row['namespace']), name: String(row['name']) }),
      toVersionContent(asText(row['structure'])),
    ]),
  )
}
