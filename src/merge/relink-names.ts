import type { GraphTransaction } from '../graph/connection.ts'
import type { EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import { endsToLock, findDatasetLinking, writeDatasetMarks } from './link-datasets.ts'
import { findJobLinking, jobEndsToLock, writeJobLinks } from './link-jobs.ts'
import { lockDatasets, lockJobs } from './lock-nodes.ts'
import type { RulesInForce } from './rules-in-force.ts'
import { mergeLinks } from './write-links.ts'
import { placeDatasets } from './write-nodes.ts'

/**
 * Links datasets anew that were linked under other rules, as merging an event that names them would.
 * @returns how many, those that they lead to included where events have used them
 */
export async function relinkDatasets(
  tx: GraphTransaction,
  { rules, names }: { rules: RulesInForce; names: readonly EntityKey[] },
): Promise<number> {
  const datasets = await lockDatasets(tx, [...names, ...endsToLock(rules, names)])
  const linking = await findDatasetLinking(tx, { rules, named: findNamed(names, datasets), datasets })
  const abandoned = findUnnamed(datasets)
  await placeDatasets(tx, abandoned)
  await mergeLinks(tx, { statements: linking.statements, datasets })
  await writeDatasetMarks(tx, { rules, linking: { ...linking, abandoned }, datasets })
  return findNamed(linking.linked, datasets).length
}

/** Likewise jobs. */
export async function relinkJobs(
  tx: GraphTransaction,
  { rules, names }: { rules: RulesInForce; names: readonly EntityKey[] },
): Promise<number> {
  const jobs = await lockJobs(tx, [...names, ...jobEndsToLock(rules, names)])
  const linking = await findJobLinking(tx, { rules, named: findNamed(names, jobs), jobs })
  await writeJobLinks(tx, { rules, linking: { ...linking, abandoned: findUnnamed(jobs) } })
  return findNamed(
    linking.linked.map(({ job }) => job),
    jobs,
  ).length
}

type Locked = ReadonlyMap<EntityKey, { firstSeenAt: Instant | undefined }>

function findNamed(names: readonly EntityKey[], locked: Locked): EntityKey[] {
  return names.filter((name) => locked.get(name)?.firstSeenAt !== undefined)
}

/** Names that only links lead to, and those that somebody has deleted since they were listed: locking made them anew. */
function findUnnamed(locked: Locked): EntityKey[] {
  return [...locked].filter(([, { firstSeenAt }]) => firstSeenAt === undefined).map(([name]) => name)
}
