import type { EntityKey } from '../openlineage/keys.ts'
import { toHour } from '../openlineage/time.ts'
import type { DerivedWork } from '../project/derive-run.ts'
import type { JobVersion } from './job-versions.ts'
import type { WorkChange } from './job-work.ts'
import type { StoredJob } from './lock-nodes.ts'

/** What has to be done for the structure of one job. */
export interface StructurePlan {
  job: EntityKey
  /** Whether something may have to be taken back, so that all that the job has left must be looked at. */
  mustRebuild: boolean
  /** The version that was current before the batch. */
  current: string | undefined
  /** The version of the newest run that counts, where that run is of this batch. */
  newest: JobVersion | undefined
  /** The former current version, where another one takes its place. */
  retired: string | undefined
  /** Versions whose edges are to be written: they are new, or become current. */
  written: JobVersion[]
  /** The current version, where it stays so and its edges, which no JobEvent declares too, only learn that they were seen again. */
  seenAgain: JobVersion | undefined
  /** Other known versions whose edges only learn that they were seen earlier, or later. */
  touched: JobVersion[]
  /** Runs that show in the structure for as long as no run counts. */
  provisional: { before: DerivedWork | undefined; after: DerivedWork | undefined }[]
}

export function planStructure(
  job: EntityKey,
  {
    changes,
    stored,
    versions,
    isNewlyDeclared,
  }: {
    changes: readonly WorkChange[]
    stored: StoredJob | undefined
    versions: ReadonlyMap<string, JobVersion>
    /** Whether the batch brings a newer JobEvent, which replaces what the one before declared. */
    isNewlyDeclared: boolean
  },
): StructurePlan {
  const current = stored?.version
  const ofJob = changes.flatMap(({ after }) => versions.get(after?.version ?? '') ?? [])
  const hasLost = changes.some(
    ({ before, after }) => before?.version !== undefined && before.version !== after?.version,
  )
  const isFirstVersion = current === undefined && ofJob.length > 0 && stored?.firstSeenAt !== undefined
  const newest = findNewest(changes, versions)
  const isNewest = newest !== undefined && newest.clock > (stored?.versionClock ?? '')
  const isReplaced = isNewest && current !== undefined && current !== newest.version.key
  const isDeclared = isNewlyDeclared || stored?.declared !== undefined
  const staysProvisional = current === undefined && ofJob.length === 0 && !isDeclared
  const written = [...new Set(ofJob)].filter(
    (version) => version.isNew || (isReplaced && version.key === newest.version.key),
  )
  const growing = [...new Set(ofJob)].filter(
    (version) => (version.beginsEarlier || version.endsLater) && !written.includes(version),
  )
  const staysAlone = !isReplaced && !isDeclared
  const seenAgain = growing.find(({ key }) => staysAlone && key === current)
  return {
    job,
    mustRebuild: hasLost || isFirstVersion || isNewlyDeclared || (isDeclared && isReplaced),
    current,
    newest: isNewest ? { ...newest.version, clock: newest.clock } : undefined,
    retired: isReplaced ? current : undefined,
    written,
    seenAgain,
    touched: growing.filter((version) => version !== seenAgain),
    provisional: staysProvisional ? changes.filter(changesEdges) : [],
  }
}

function findNewest(
  changes: readonly WorkChange[],
  versions: ReadonlyMap<string, JobVersion>,
): { version: JobVersion; clock: string } | undefined {
  const counting = changes.flatMap(({ after }) => {
    const version = versions.get(after?.version ?? '')
    return version === undefined || after === undefined ? [] : [{ version, clock: after.clock }]
  })
  return counting.toSorted((a, b) => (a.clock < b.clock ? 1 : -1)).at(0)
}

/** Edges tell the hour only, so most events of a run leave them as they are. */
function changesEdges({ before, after }: WorkChange): boolean {
  if (before === undefined || after === undefined) return true
  return (
    before.first !== after.first ||
    toHour(before.last) !== toHour(after.last) ||
    JSON.stringify(before.content) !== JSON.stringify(after.content)
  )
}
