import type { GraphTransaction } from '../graph/connection.ts'
import type { EntityKey } from '../openlineage/keys.ts'
import { toStructure } from '../project/to-structure.ts'
import type { CurrentVersion } from './current-version.ts'
import { findDeclarations, findJobRuns, findJobVersions, type StandingWork } from './find-job-work.ts'
import { findLineages, lineageKeysOf } from './find-lineages.ts'
import type { Contribution } from './structure-rows.ts'
import { deleteStructures } from './write-structure.ts'

/**
 * Deletes the structures of the jobs and tells what they are made of now: their versions and the newest JobEvent, or else all that
 * their runs have said.
 */
export async function rebuildStructures(
  tx: GraphTransaction,
  jobs: readonly EntityKey[],
): Promise<{ contributions: Contribution[]; currents: CurrentVersion[] }> {
  if (jobs.length === 0) return { contributions: [], currents: [] }
  await deleteStructures(tx, jobs)
  const versions = await findJobVersions(tx, jobs)
  const declarations = await findDeclarations(tx, jobs)
  const settled = new Set([...versions, ...declarations].map(({ job }) => job))
  const runs = await findJobRuns(
    tx,
    jobs.filter((job) => !settled.has(job)),
  )
  const newest = newestByJob(versions)
  const works = [
    ...versions.map((work) => ({ work, isCurrent: newest.get(work.job) === work })),
    ...declarations.map((work) => ({ work, isCurrent: true })),
    ...runs.map((work) => ({ work, isCurrent: false })),
  ]
  const keys = works.flatMap(({ work }) => lineageKeysOf(work.content))
  const lineages = await findLineages(tx, keys, new Map())
  const contributions = works.map(({ work: { job, content, first, last }, isCurrent }) => ({
    job,
    structure: toStructure(job, content, lineages),
    first,
    last,
    isCurrent,
  }))
  const currents = jobs.map((job) => ({
    job,
    version: newest.get(job)?.version,
    clock: newest.get(job)?.clock,
  }))
  return { contributions, currents }
}

function newestByJob(versions: readonly StandingWork[]): Map<EntityKey, StandingWork> {
  const newest = new Map<EntityKey, StandingWork>()
  for (const version of versions) {
    const present = newest.get(version.job)
    if (present === undefined || version.clock > present.clock) newest.set(version.job, version)
  }
  return newest
}
