import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { asText } from '../graph/values.ts'
import { toEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import { emptyFacts, type Facts } from '../project/facts.ts'
import { joinFacts } from '../project/join-facts.ts'
import { addToRecords, deleteRecords, readRecords, recordKey } from './checkpoint.ts'
import { lockInOrder } from './fold-events.ts'
import { chooseRemovable, describeRuns, type OldRun } from './old-runs.ts'

/** What went, or would go, by kind. */
export interface RemovedWithRuns {
  runs: string[]
  datasetVersions: number
  testResults: number
}

const findDatasetsStatement = cypher`
  UNWIND $runIds AS runId
  MATCH (r:Run {runId: runId})-[:READ|WROTE]->(d:Dataset)
  USING INDEX SEEK r:Run(runId)
  RETURN DISTINCT d.namespace AS namespace, d.name AS name
`
/** Events that came since they were folded keep their run for now. */
const findSilentStatement = cypher`
  UNWIND $runIds AS runId
  MATCH (r:Run {runId: runId})
  USING INDEX SEEK r:Run(runId)
  WHERE NOT EXISTS { (:Event)-[:ABOUT]->(r) }
  RETURN r.runId AS runId
`
const countStatement = cypher`
  UNWIND $runIds AS runId
  MATCH (r:Run {runId: runId})
  USING INDEX SEEK r:Run(runId)
  RETURN sum(COUNT { (r)-[:PRODUCED]->(:DatasetVersion) }) AS versions, sum(COUNT { (r)-[:REPORTED]->(:TestResult) }) AS tests,
    sum(COUNT { (:Event)-[:ABOUT]->(r) }) AS events
`
const deleteTestsStatement = cypher`
  UNWIND $runIds AS runId
  MATCH (r:Run {runId: runId})-[:REPORTED]->(t:TestResult)
  USING INDEX SEEK r:Run(runId)
  DETACH DELETE t
`
const deleteVersionsStatement = cypher`
  UNWIND $runIds AS runId
  MATCH (r:Run {runId: runId})-[:PRODUCED]->(v:DatasetVersion)
  USING INDEX SEEK r:Run(runId)
  DETACH DELETE v
`
const deleteRunsStatement = cypher`
  UNWIND $runIds AS runId
  MATCH (r:Run {runId: runId})
  USING INDEX SEEK r:Run(runId)
  DETACH DELETE r
`
/** Parents of which nobody speaks any more, not even they themselves. */
const findOrphansStatement = cypher`
  UNWIND $runIds AS runId
  MATCH (r:Run {runId: runId})
  USING INDEX SEEK r:Run(runId)
  WHERE r.state IS NULL AND NOT EXISTS { (:Run)-[:CHILD_OF|ROOT]->(r) }
  OPTIONAL MATCH (r)-[:RUN_OF]->(j:Job)
  RETURN r.runId AS runId, j.namespace AS namespace, j.name AS name
`

/** Counts what goes with runs. */
export async function countWithRuns(
  tx: GraphTransaction,
  runIds: readonly string[],
): Promise<{ datasetVersions: number; testResults: number; events: number }> {
  const [row] = await tx.run(countStatement, { runIds })
  return {
    datasetVersions: Number(row?.['versions'] ?? 0),
    testResults: Number(row?.['tests'] ?? 0),
    events: Number(row?.['events'] ?? 0),
  }
}

/**
 * Removes those of some old runs that may go, with the versions that they wrote and the tests that they reported. What their events said
 * of anything else stays, in the record of their job. Whether they may go is looked at again under the locks.
 */
export async function removeRuns(
  tx: GraphTransaction,
  { runIds, bordersBefore }: { runIds: readonly string[]; bordersBefore: Instant | undefined },
): Promise<RemovedWithRuns> {
  const before = await describeRuns(tx, { runIds, bordersBefore })
  const datasets = (await tx.run(findDatasetsStatement, { runIds })).map(toName)
  const parents = before.flatMap((run) => run.parents)
  await lockInOrder(tx, {
    runs: [...runIds, ...parents],
    jobs: before.flatMap(({ job }) => job ?? []),
    datasets,
  })
  const silent = new Set((await tx.run(findSilentStatement, { runIds })).map((row) => String(row['runId'])))
  const described = await describeRuns(tx, { runIds, bordersBefore })
  const removable = chooseRemovable(
    described.filter(({ runId }) => silent.has(runId)),
    new Set(),
  )
  if (removable.length === 0) return { runs: [], datasetVersions: 0, testResults: 0 }
  const gone = removable.map(({ runId }) => runId)
  const { datasetVersions, testResults } = await countWithRuns(tx, gone)
  await deleteAll(tx, gone)
  const orphans = await removeOrphans(
    tx,
    [...new Set(parents)].filter((id) => !gone.includes(id)),
  )
  await moveRecords(tx, [...removable, ...orphans])
  return { runs: gone, datasetVersions, testResults }
}

async function deleteAll(tx: GraphTransaction, runIds: readonly string[]): Promise<void> {
  await tx.run(deleteTestsStatement, { runIds })
  await tx.run(deleteVersionsStatement, { runIds })
  await tx.run(deleteRunsStatement, { runIds })
}

async function removeOrphans(
  tx: GraphTransaction,
  runIds: readonly string[],
): Promise<Pick<OldRun, 'runId' | 'job'>[]> {
  const rows = await tx.run(findOrphansStatement, { runIds })
  const orphans = rows.map((row) => ({
    runId: String(row['runId']),
    job: asText(row['name']) === undefined ? undefined : toName(row),
  }))
  await deleteAll(
    tx,
    orphans.map(({ runId }) => runId),
  )
  return orphans
}

/**
 * What the events of runs that are gone said of everything but runs goes into the record of their job; what they said of runs that
 * stand, such as their parents, into those runs' own.
 */
async function moveRecords(
  tx: GraphTransaction,
  removed: readonly Pick<OldRun, 'runId' | 'job'>[],
): Promise<void> {
  const keys = removed.map(({ runId }) => recordKey({ run: runId }))
  const records = await readRecords(tx, keys)
  const moved = new Map<string, Facts>()
  const gone = new Set(removed.map(({ runId }) => runId))
  for (const { runId, job } of removed) {
    const facts = records.get(recordKey({ run: runId }))
    if (facts === undefined) continue
    for (const [other, fact] of facts.runs) {
      if (gone.has(other)) continue
      const ofOther = emptyFacts()
      ofOther.runs.set(other, fact)
      const otherJob = fact.said.job === undefined ? undefined : toEntityKey(fact.said.job.value)
      const jobFact = facts.jobs.get(otherJob ?? '')
      if (otherJob !== undefined && jobFact !== undefined)
        ofOther.jobs.set(otherJob, { ...jobFact, facets: new Map(jobFact.facets) })
      addTo(moved, recordKey({ run: other }), ofOther)
    }
    facts.runs.clear()
    addTo(moved, recordKey({ job: job ?? '' }), facts)
  }
  await addToRecords(tx, moved)
  await deleteRecords(tx, keys)
}

function addTo(records: Map<string, Facts>, key: string, facts: Facts): void {
  const present = records.get(key)
  if (present === undefined) records.set(key, facts)
  else joinFacts(present, facts)
}

function toName(row: Record<string, unknown>): EntityKey {
  return toEntityKey({ namespace: String(row['namespace']), name: String(row['name']) })
}
