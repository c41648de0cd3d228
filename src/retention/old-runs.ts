import type { GraphTransaction, Row } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { asText, asTexts, toDateTime } from '../graph/values.ts'
import { toContentKey, toEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import { decodeRun } from '../project/decode-run.ts'
import { deriveRun, type DerivedWork } from '../project/derive-run.ts'
import { toJobVersionKey } from '../project/job-content.ts'

/** A run that has ended long ago. */
export interface OldRun {
  runId: string
  job: EntityKey | undefined
  /** Runs that name it as their parent or root, and those that it names so. */
  children: string[]
  parents: string[]
  /** Whether the graph needs it to say what it says of jobs and datasets. */
  stands: boolean
  /** What it adds to the structure of a job that has no version: undefined elsewhere. */
  work: DerivedWork | undefined
}

/** Where a list of old runs goes on: it runs from the newest to the oldest, so that children come before their parents. */
export interface RunPosition {
  startedAt: Instant
  runId: string
}

/** Runs that have ended before a time; those that have not, only where they are presumed lost. */
const findStatement = cypher`
  MATCH (r:Run)
  USING INDEX r:Run(startedAt)
  WHERE r.startedAt <= $startedAt AND (r.startedAt < $startedAt OR r.runId < $runId)
    AND (r.state IN ['COMPLETE', 'FAIL', 'ABORT'] AND r.endedAt < $before OR r.presumedLostAt IS NOT NULL AND r.startedAt < $before)
  RETURN r.runId AS runId, toString(r.startedAt) AS startedAt
  ORDER BY r.startedAt DESC, r.runId DESC LIMIT toInteger($limit)
`

/** The next page of old runs, from a position on. */
export async function findOldRuns(
  tx: GraphTransaction,
  { before, from, limit }: { before: Instant; from: RunPosition | undefined; limit: number },
): Promise<{ runId: string; startedAt: unknown }[]> {
  const { startedAt, runId } = from ?? { startedAt: before, runId: '' }
  const rows = await tx.run(findStatement, {
    before: toDateTime(before),
    startedAt: toDateTime(startedAt),
    runId,
    limit,
  })
  return rows.map((row) => ({ runId: String(row['runId']), startedAt: row['startedAt'] }))
}

/*
 * What stays, and why:
 * - a version of a job is as old as its first run, as new as its last, and current by the clock of its newest: those runs;
 * - a dataset's newest write, and its newest with a schema, say what it is now;
 * - a rename holds as long as its run does;
 * - the newest run of a job is its state;
 * - the first and last run, or write, of each time that a job had a content or a dataset a schema, until versions are old as well.
 */
const describeStatement = cypher`
  UNWIND $runIds AS runId
  MATCH (r:Run {runId: runId})
  USING INDEX SEEK r:Run(runId)
  OPTIONAL MATCH (r)-[:RUN_OF]->(j:Job)
  OPTIONAL MATCH (r)-[x:OF_VERSION]->(v:JobVersion)
  WITH r, j, x, v, $bordersBefore IS NULL OR coalesce(r.endedAt, r.startedAt) >= $bordersBefore AS keepsBorders
  CALL (r, v) {
    OPTIONAL MATCH (p:Run)
    WHERE v IS NOT NULL AND p.jobNamespace = r.jobNamespace AND p.jobName = r.jobName AND p.startedAt < r.startedAt
      AND EXISTS { (p)-[:OF_VERSION]->() }
    WITH p ORDER BY p.jobNamespace DESC, p.jobName DESC, p.startedAt DESC LIMIT 1
    RETURN [(p)-[:OF_VERSION]->(o) | o.key][0] AS before
  }
  CALL (r, v) {
    OPTIONAL MATCH (p:Run)
    WHERE v IS NOT NULL AND p.jobNamespace = r.jobNamespace AND p.jobName = r.jobName AND p.startedAt > r.startedAt
      AND EXISTS { (p)-[:OF_VERSION]->() }
    WITH p ORDER BY p.jobNamespace, p.jobName, p.startedAt LIMIT 1
    RETURN [(p)-[:OF_VERSION]->(o) | o.key][0] AS after
  }
  CALL (r) {
    OPTIONAL MATCH (r)-[:PRODUCED]->(d:DatasetVersion)
    CALL (d) {
      OPTIONAL MATCH (p:DatasetVersion)
      WHERE p.namespace = d.namespace AND p.dataset = d.dataset AND p.writtenAt < d.writtenAt
      RETURN CASE WHEN p IS NULL THEN '-' ELSE coalesce(p.schema, '') END AS before
      ORDER BY p.namespace DESC, p.dataset DESC, p.writtenAt DESC LIMIT 1
    }
    CALL (d) {
      OPTIONAL MATCH (p:DatasetVersion)
      WHERE p.namespace = d.namespace AND p.dataset = d.dataset AND p.writtenAt > d.writtenAt
      RETURN CASE WHEN p IS NULL THEN '-' ELSE coalesce(p.schema, '') END AS after
      ORDER BY p.namespace, p.dataset, p.writtenAt LIMIT 1
    }
    RETURN count(CASE WHEN d IS NOT NULL AND (before <> coalesce(d.schema, '') OR after <> coalesce(d.schema, '')) THEN 1 END) > 0 AS isSchemaBorder
  }
  RETURN r.runId AS runId, j.namespace AS namespace, j.name AS name, r.accumulated AS accumulated,
    j.version IS NULL AND j.declared IS NULL AND r.state IS NOT NULL AS isProvisional,
    [(c:Run)-[:CHILD_OF|ROOT]->(r) | c.runId] AS children, [(r)-[:CHILD_OF|ROOT]->(p:Run) | p.runId] AS parents,
    NOT EXISTS {
      MATCH (n:Run) WHERE n.jobNamespace = r.jobNamespace AND n.jobName = r.jobName AND n.startedAt > r.startedAt
    }
    OR coalesce(datetime(x.first) = v.firstSeenAt OR datetime(x.last) >= v.lastSeenAt OR x.clock = v.clock, false)
    OR EXISTS {
      (r)-[:PRODUCED]->(d:DatasetVersion)-[:VERSION_OF]->(s:Dataset)
      WHERE d.clock = s.writtenClock OR d.clock = s.writtenSchemaClock
    }
    OR EXISTS { (r)-[:WROTE]->(:Dataset)-[n:RENAMED_FROM]->() WHERE n.runId = r.runId }
    OR keepsBorders AND (isSchemaBorder OR v IS NOT NULL AND (coalesce(before, '') <> v.key OR coalesce(after, '') <> v.key))
    AS stands
`

/** What is to be known of runs before they may go; those that are not there any more are left out. */
export async function describeRuns(
  tx: GraphTransaction,
  { runIds, bordersBefore }: { runIds: readonly string[]; bordersBefore: Instant | undefined },
): Promise<OldRun[]> {
  const rows = await tx.run(describeStatement, {
    runIds,
    bordersBefore: bordersBefore === undefined ? null : toDateTime(bordersBefore),
  })
  return rows.map(toOldRun)
}

function toOldRun(row: Row): OldRun {
  const runId = String(row['runId'])
  const [namespace, name] = [asText(row['namespace']), asText(row['name'])]
  return {
    runId,
    job: namespace === undefined || name === undefined ? undefined : toEntityKey({ namespace, name }),
    children: asTexts(row['children']),
    parents: [...new Set(asTexts(row['parents']))],
    stands: row['stands'] === true,
    work:
      row['isProvisional'] === true
        ? deriveRun(runId, decodeRun(asText(row['accumulated']))).work
        : undefined,
  }
}

/**
 * Which of these runs may go: nothing stands on them, and no run that stays names them as its parent or root. While a job has no
 * version all its runs make its structure: of those with one content the first and the last are enough.
 * @param gone runs that have gone before, or would have
 */
export function chooseRemovable(runs: readonly OldRun[], gone: ReadonlySet<string>): OldRun[] {
  const needed = new Set(firstAndLast(runs).map(({ runId }) => runId))
  const free = runs.filter(({ runId, stands }) => !stands && !needed.has(runId))
  const going = new Set(gone)
  // Children come first; where they begin at one instant, in any order.
  for (let before = -1; before !== going.size;) {
    before = going.size
    for (const { runId, children } of free) if (children.every((child) => going.has(child))) going.add(runId)
  }
  return free.filter(({ runId }) => going.has(runId))
}

function firstAndLast(runs: readonly OldRun[]): OldRun[] {
  const groups = new Map<string, { first: Worked; last: Worked }>()
  for (const run of runs) {
    const { work } = run
    if (work === undefined) continue
    const worked = { run, work }
    const key = toContentKey(`${work.job} ${toJobVersionKey(work.job, work.content)}`)
    const group = groups.get(key) ?? { first: worked, last: worked }
    if (work.first < group.first.work.first) group.first = worked
    if (work.last > group.last.work.last) group.last = worked
    groups.set(key, group)
  }
  return [...groups.values()].flatMap(({ first, last }) => [first.run, last.run])
}

interface Worked {
  run: OldRun
  work: DerivedWork
}
