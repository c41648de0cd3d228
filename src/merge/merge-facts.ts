import type { Graph, GraphTransaction } from '../graph/connection.ts'
import { refuseDuringWipe } from '../graph/wipe-guard.ts'
import type { EntityKey } from '../openlineage/keys.ts'
import type { Facts } from '../project/facts.ts'
import { datasetsToLookUp, toDatasetChanges } from './dataset-changes.ts'
import { findNewlyDeclared, toJobChanges } from './job-changes.ts'
import { toWorkChanges } from './job-work.ts'
import { lockDatasets, lockJobs, lockRuns, type StoredDataset } from './lock-nodes.ts'
import { mergeStructure } from './merge-structure.ts'
import { findJobsToLock, findRunsToLock } from './peek.ts'
import { toRunChanges, type RunChange } from './run-changes.ts'
import { writeSightings } from './sightings.ts'
import { findChangedPrecedences, guardsOf, writeControlFlow, writeHierarchy } from './write-control-flow.ts'
import { findNewestVersions, toVersionChanges, writeDatasetVersions } from './write-dataset-versions.ts'
import { writeEvents } from './write-events.ts'
import { writeFields } from './write-fields.ts'
import { writeDatasets, writeJobs } from './write-nodes.ts'
import { writeRuns } from './write-runs.ts'

/**
 * Merges what a batch of events says into the graph, in one transaction: all of it or nothing. The same facts may be merged again,
 * and facts in any order or split end in the same graph: each statement joins, under locks taken in one order before anything is
 * compared (`design/merging.md`).
 * @throws what Neo4j throws; `isPassingTrouble` tells what may be tried again
 */
export async function mergeFacts(graph: Graph, facts: Facts): Promise<void> {
  await graph.inWrite((tx) => mergeInTransaction(tx, facts))
}

async function mergeInTransaction(tx: GraphTransaction, facts: Facts): Promise<void> {
  const [runIds] = await Promise.all([findRunsToLock(tx, facts), refuseDuringWipe(tx)])
  const runs = toRunChanges(facts, await lockRuns(tx, runIds))
  const precedences = await findChangedPrecedences(tx, facts)
  const jobs = await lockJobs(tx, [
    ...(await findJobsToLock(tx, facts)),
    ...guardsOf(precedences, facts),
    ...runs.flatMap(jobsOf),
  ])
  const datasets = await lockDatasets(tx, [...facts.datasets.keys(), ...runs.flatMap(datasetsOf)])

  // What does not wait for each other goes out together: Neo4j works on one statement while we make the next.
  await Promise.all([
    writeJobs(tx, toJobChanges(facts, jobs)),
    writeEvents(tx, facts),
    writeHierarchy(tx, facts),
    writeControlFlow(tx, { facts, changed: precedences, jobs }),
    mergeDatasets(tx, { facts, runs, datasets }),
  ])
  const columnLineages = new Map([...facts.columnLineages].map(([key, { content }]) => [key, content]))
  const declared = findNewlyDeclared(facts, jobs)
  await mergeStructure(tx, { changes: toWorkChanges(runs), declared, jobs, columnLineages })
}

/** Runs with what they read and wrote, the versions they made, and what follows for the datasets and their fields. */
async function mergeDatasets(
  tx: GraphTransaction,
  { facts, runs, datasets }: { facts: Facts; runs: RunChange[]; datasets: Map<EntityKey, StoredDataset> },
): Promise<void> {
  const [sightings] = await Promise.all([writeSightings(tx, facts), writeRuns(tx, runs)])
  const versions = toVersionChanges(runs)
  await writeDatasetVersions(tx, { versions, runs })
  const toLookUp = datasetsToLookUp(versions, datasets)
  const lookedUp = { datasets: toLookUp, ...(await findNewestVersions(tx, toLookUp)) }
  const changes = toDatasetChanges(facts, { stored: datasets, versions, lookedUp })
  await Promise.all([writeDatasets(tx, changes), writeFields(tx, { sightings, datasets: changes })])
}

function jobsOf({ before, after }: RunChange): EntityKey[] {
  return [before.job, after.job].filter((job) => job !== undefined)
}

/** The datasets whose versions or edges the run may change, though the batch itself does not name them. */
function datasetsOf({ before, after }: RunChange): EntityKey[] {
  const isSame = before.work?.version === after.work?.version && before.state === after.state
  if (isSame && after.produced.size === before.produced.size && after.endedAt === before.endedAt) return []
  return [...after.reads.keys(), ...after.writes.keys()]
}
