import type { Graph, GraphTransaction } from '../graph/connection.ts'
import { refuseDuringWipe } from '../graph/wipe-guard.ts'
import type { ChangedThing } from '../log/people-change.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { Facts } from '../project/facts.ts'
import { applyPeopleChanges } from './apply-people-changes.ts'
import { datasetsToLookUp, toDatasetChanges, type DatasetNodeChange } from './dataset-changes.ts'
import { findNewlyDeclared, toJobChanges, type JobNodeChange } from './job-changes.ts'
import { toWorkChanges } from './job-work.ts'
import { joinFields } from './join-fields.ts'
import { endsToLock, findDatasetLinking, writeDatasetMarks } from './link-datasets.ts'
import { findJobLinking, jobEndsToLock, writeJobLinks } from './link-jobs.ts'
import { lockDatasets, lockJobs, lockRuns, type StoredDataset } from './lock-nodes.ts'
import { mergeDeclaredStructure } from './merge-declared-structure.ts'
import { mergeStructure } from './merge-structure.ts'
import { findJobsToLock, findRunsToLock } from './peek.ts'
import {
  createRuleBook,
  findRules,
  rememberLinked,
  type RuleBook,
  type RulesInForce,
} from './rules-in-force.ts'
import { toRunChanges, type RunChange } from './run-changes.ts'
import { writeSightings } from './sightings.ts'
import { findChangedPrecedences, guardsOf, writeControlFlow, writeHierarchy } from './write-control-flow.ts'
import { findNewestVersions, toVersionChanges, writeDatasetVersions } from './write-dataset-versions.ts'
import { writeEvents } from './write-events.ts'
import { writeFieldMeasures } from './write-field-measures.ts'
import { writeFields, type CreatedField } from './write-fields.ts'
import { mergeLinks } from './write-links.ts'
import { writeDatasets, writeJobs } from './write-nodes.ts'
import { writeOwners } from './write-owners.ts'
import { writeRenames } from './write-renames.ts'
import { writeRuns } from './write-runs.ts'
import { writeTags } from './write-tags.ts'
import { writeTestResults } from './write-test-results.ts'

/**
 * Merges what a batch of events says into the graph, in one transaction: all of it or nothing. The same facts may be merged again,
 * and facts in any order or split end in the same graph: each statement joins, under locks taken in one order before anything is
 * compared (`design/merging.md`).
 * @throws what Neo4j throws; `isPassingTrouble` tells what may be tried again
 */
export async function mergeFacts(
  graph: Graph,
  facts: Facts,
  book: RuleBook = createRuleBook(),
): Promise<void> {
  const rules = await graph.inWrite((tx) => mergeInTransaction(tx, facts, book))
  if (rules === undefined) return
  rememberLinked(rules, facts)
}

async function mergeInTransaction(
  tx: GraphTransaction,
  facts: Facts,
  book: RuleBook,
): Promise<RulesInForce | undefined> {
  const [rules, runIds] = await Promise.all([
    findRules(tx, book),
    findRunsToLock(tx, facts),
    refuseDuringWipe(tx),
  ])
  const runs = toRunChanges(facts, await lockRuns(tx, runIds))
  const precedences = await findChangedPrecedences(tx, facts)
  const jobs = await lockJobs(tx, [
    ...(await findJobsToLock(tx, facts, rules)),
    ...guardsOf(precedences, facts),
    ...runs.flatMap(jobsOf),
    ...jobEndsToLock(rules, facts.jobs.keys()),
  ])
  const datasets = await lockDatasets(tx, [
    ...facts.datasets.keys(),
    ...runs.flatMap(datasetsOf),
    ...endsToLock(rules, facts.datasets.keys()),
  ])

  const jobLinking = await findJobLinking(tx, { rules, named: facts.jobs.keys(), jobs })
  const jobChanges = toJobChanges(facts, jobs)

  // What does not wait for each other goes out together: Neo4j works on one statement while we make the next.
  const [{ changes: datasetChanges, created }] = await Promise.all([
    mergeDatasets(tx, { facts, rules, runs, datasets }),
    writeJobs(tx, jobChanges),
    writeEvents(tx, facts),
    writeHierarchy(tx, facts),
    writeControlFlow(tx, { facts, changed: precedences, jobs }),
    writeRenames(tx, { facts, runs }),
  ])
  const lineages = new Map([...facts.lineages].map(([key, { content }]) => [key, content]))
  const declared = findNewlyDeclared(facts, jobs)
  await writeJobLinks(tx, { rules, linking: jobLinking })
  await mergeStructure(tx, { changes: toWorkChanges(runs), declared, jobs, lineages })
  await mergeDeclaredStructure(tx, { datasets: datasetChanges, lineages })
  // What several workers share, and nobody locks, comes last: what is created of it is waited for until the end of a transaction.
  await writeFieldMeasures(tx, datasetChanges)
  await writeTestResults(tx, runs)
  await writeOwners(tx, { named: facts.named, jobs: jobChanges, datasets: datasetChanges })
  await writeTags(tx, { named: facts.named, runs, jobs: jobChanges, datasets: datasetChanges })
  await applyPeopleChanges(tx, toNewThings({ jobs: jobChanges, datasets: datasetChanges, fields: created }))
  return rules
}

/** What the batch has made: people may have spoken of it before, as in a graph that is made anew. */
function toNewThings({
  jobs,
  datasets,
  fields,
}: {
  jobs: readonly JobNodeChange[]
  datasets: readonly DatasetNodeChange[]
  fields: readonly CreatedField[]
}): ChangedThing[] {
  return [
    ...jobs.filter(isNew).map(({ job }) => ({ kind: 'job' as const, ...fromEntityKey(job) })),
    ...datasets.filter(isNew).map(({ dataset }) => ({ kind: 'dataset' as const, ...fromEntityKey(dataset) })),
    ...fields.map(({ dataset, name: field }) => ({
      kind: 'field' as const,
      ...fromEntityKey(dataset),
      field,
    })),
  ]
}

function isNew(change: { isNew: boolean }): boolean {
  return change.isNew
}

/** Runs with what they read and wrote, the versions they made, and what follows for the datasets and their fields. */
async function mergeDatasets(
  tx: GraphTransaction,
  {
    facts,
    rules,
    runs,
    datasets,
  }: {
    facts: Facts
    rules: RulesInForce | undefined
    runs: RunChange[]
    datasets: Map<EntityKey, StoredDataset>
  },
): Promise<{ changes: DatasetNodeChange[]; created: CreatedField[] }> {
  const [seen] = await Promise.all([writeSightings(tx, facts), writeRuns(tx, runs)])
  const versions = toVersionChanges(runs)
  await writeDatasetVersions(tx, { versions, runs })
  const toLookUp = datasetsToLookUp(versions, datasets)
  const lookedUp = { datasets: toLookUp, ...(await findNewestVersions(tx, toLookUp)) }
  const linking = await findDatasetLinking(tx, { rules, named: facts.datasets.keys(), datasets })
  const changes = toDatasetChanges(facts, { stored: datasets, versions, lookedUp })
  const statements = [...changes.flatMap(({ links }) => links), ...linking.statements]
  const [{ joined, parted }, created] = await Promise.all([
    mergeLinks(tx, { statements, datasets }),
    writeFields(tx, { seen, datasets: changes }),
    writeDatasets(tx, changes),
  ])
  await joinFields(tx, { created, joined, parted, datasets })
  await writeDatasetMarks(tx, { rules, linking, datasets })
  return { changes, created }
}

function jobsOf({ before, after }: RunChange): EntityKey[] {
  return [before.job, after.job].filter((job) => job !== undefined)
}

/** The datasets whose versions or edges the run may change, though the batch itself does not name them. */
function datasetsOf({ before, after }: RunChange): EntityKey[] {
  const renamed = [...before.renames.values(), ...after.renames.values()].map(({ from }) => from)
  const isSame = before.work?.version === after.work?.version && before.state === after.state
  if (isSame && after.produced.size === before.produced.size && after.endedAt === before.endedAt)
    return renamed
  return [...after.reads.keys(), ...after.writes.keys(), ...renamed]
}
