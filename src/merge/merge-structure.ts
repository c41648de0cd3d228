import type { GraphTransaction } from '../graph/connection.ts'
import type { EntityKey } from '../openlineage/keys.ts'
import { toHour } from '../openlineage/time.ts'
import { toJobVersionKey, type JobContent } from '../project/job-content.ts'
import { isWithin, type LineageContents } from '../project/structure.ts'
import { toStructure } from '../project/to-structure.ts'
import { groupBy } from '../project/group-by.ts'
import { writeJobVersions, type JobVersion } from './job-versions.ts'
import { setCurrentVersions } from './current-version.ts'
import type { WorkChange } from './job-work.ts'
import type { StoredJob } from './lock-nodes.ts'
import { planStructure, type StructurePlan } from './plan-structure.ts'
import { findVersionContents } from './find-job-work.ts'
import { findLineages, lineageKeysOf } from './find-lineages.ts'
import { rebuildStructures } from './rebuild-structures.ts'
import { retireEdges, type Retirement } from './retire-edges.ts'
import { toStructureRows, type Contribution } from './structure-rows.ts'
import { touchCurrentEdges, touchEdges, type CurrentTouch, type Touch } from './touch-edges.ts'
import { findJobsWithoutFlow, writeStructure } from './write-structure.ts'

/**
 * Brings the structure of the jobs in line with what their runs now add (rule 3 of the graph model). A run with a content known
 * before changes no edge; a new content adds its edges and moves `current`; only taking something back looks at all that the job
 * has left, and writes its structure anew.
 */
export async function mergeStructure(
  tx: GraphTransaction,
  {
    changes,
    declared,
    jobs,
    lineages,
  }: {
    changes: readonly WorkChange[]
    /** Jobs that a newer JobEvent declares. */
    declared: readonly EntityKey[]
    jobs: ReadonlyMap<EntityKey, StoredJob>
    /** Those that the batch states itself, by key. */
    lineages: LineageContents
  },
): Promise<void> {
  const versions = await writeJobVersions(tx, changes)
  const byJob = groupBy(changes, ({ job }) => job)
  const plans = [...new Set([...byJob.keys(), ...declared])].map((job) =>
    planStructure(job, {
      changes: byJob.get(job) ?? [],
      stored: jobs.get(job),
      versions,
      isNewlyDeclared: declared.includes(job),
    }),
  )
  const known = await loadContents(tx, plans, lineages)
  const rebuilt = plans.filter((plan) => needsRebuild(plan, known.lineages))
  const added = plans.filter((plan) => !rebuilt.includes(plan))

  const contributions = added.flatMap((plan) => toAddedContributions(plan, known))
  const touches = added.flatMap((plan) => toTouches(plan, known))
  const retirements = added.flatMap((plan) => toRetirement(plan, known))
  const currents = added.flatMap(({ job, newest }) =>
    newest === undefined ? [] : [{ job, version: newest.key, clock: newest.clock }],
  )
  const rebuild = await rebuildStructures(
    tx,
    rebuilt.map(({ job }) => job),
  )
  await retireEdges(tx, retirements)
  await touchEdges(tx, touches)
  await touchCurrentEdges(tx, added.flatMap(toCurrentTouch))
  const newJobs = await findJobsWithoutFlow(
    tx,
    added.map(({ job }) => job).filter((job) => jobs.get(job)?.firstSeenAt === undefined),
  )
  await writeStructure(tx, toStructureRows([...contributions, ...rebuild.contributions], newJobs))
  await setCurrentVersions(tx, { currents: [...currents, ...rebuild.currents], jobs })
}

interface KnownContents {
  /** Contents of former current versions, by key. */
  contents: Map<string, JobContent>
  lineages: LineageContents
}

/** The contents whose edges the plans need, with the lineages that these name. */
async function loadContents(
  tx: GraphTransaction,
  plans: readonly StructurePlan[],
  stated: LineageContents,
): Promise<KnownContents> {
  const former = plans.flatMap(({ retired }) => retired ?? [])
  const contents = await findVersionContents(tx, former)
  const needed = [
    ...contents.values(),
    ...plans.flatMap(({ written, touched, provisional }) => [
      ...[...written, ...touched].map(({ content }) => content),
      ...provisional.flatMap(({ before, after }) =>
        [before?.content, after?.content].filter((c) => c !== undefined),
      ),
    ]),
  ]
  return { contents, lineages: await findLineages(tx, needed.flatMap(lineageKeysOf), stated) }
}

/** Whether the job's edges have to be written anew: something may have to be taken back. */
function needsRebuild({ mustRebuild, job, provisional }: StructurePlan, lineages: LineageContents): boolean {
  if (mustRebuild) return true
  return provisional.some(({ before, after }) => {
    if (before === undefined) return false
    if (after === undefined) return true
    const isSame = toJobVersionKey(job, before.content) === toJobVersionKey(job, after.content)
    if (isSame) return false
    return !isWithin(toStructure(job, before.content, lineages), toStructure(job, after.content, lineages))
  })
}

function toAddedContributions(
  { job, written, provisional, newest, current }: StructurePlan,
  { lineages }: KnownContents,
): Contribution[] {
  const isCurrent = (version: JobVersion) => version.key === (newest?.key ?? current)
  const ofVersions = written.map((version) => ({
    job,
    structure: toStructure(job, version.content, lineages),
    first: version.first,
    last: version.last,
    isCurrent: isCurrent(version),
  }))
  const ofRuns = provisional.flatMap(({ after }) =>
    after === undefined
      ? []
      : [
          {
            job,
            structure: toStructure(job, after.content, lineages),
            first: after.first,
            last: toHour(after.last),
            isCurrent: false,
          },
        ],
  )
  return [...ofVersions, ...ofRuns]
}

function toCurrentTouch({ job, seenAgain }: StructurePlan): CurrentTouch[] {
  if (seenAgain === undefined) return []
  const { first, last, beginsEarlier, endsLater } = seenAgain
  return [{ job, earlier: beginsEarlier ? first : undefined, later: endsLater ? last : undefined }]
}

function toTouches({ job, touched }: StructurePlan, { lineages }: KnownContents): Touch[] {
  return touched.map(({ content, first, last }) => ({
    job,
    structure: toStructure(job, content, lineages),
    first,
    last,
  }))
}

function toRetirement(
  { job, retired, newest }: StructurePlan,
  { contents, lineages }: KnownContents,
): Retirement[] {
  const former = contents.get(retired ?? '')
  if (former === undefined || newest === undefined) return []
  return [
    {
      job,
      before: toStructure(job, former, lineages),
      after: toStructure(job, newest.content, lineages),
    },
  ]
}
