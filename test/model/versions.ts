import { compareTexts, greatest } from './clock.ts'
import type { Written } from './run-datasets.ts'
import type { Run } from './runs.ts'
import { current, type Name, type SaidOfDataset } from './said.ts'
import { changeOf, type Change } from './lifecycle.ts'
import { lastSeen, type Schema } from './schemas.ts'

/** What a completed run has made of a dataset. */
export interface Version {
  dataset: Name
  run: Run
  version: string
  writtenAt: bigint
  change: string
  isAssumed: boolean
  schema: Schema | undefined
}

/** A dataset that had the name of another before. */
export interface Renamed {
  dataset: Name
  former: Name
  at: bigint
  runId?: string
}

/** What a run has made, once it has completed: a version of each of its outputs, and the last one of each name that it gave up. */
export function versionsOf(run: Run): Version[] {
  if (run.state !== 'COMPLETE') return []
  const made = run.outputs.map((output) => toVersion(run, output))
  const dropped = run.outputs
    .flatMap(({ former }) => former ?? [])
    .filter((former) => made.every(({ dataset }) => dataset !== former))
  return [
    ...made,
    ...[...new Set(dropped)].map((dataset) => ({
      dataset,
      run,
      version: run.runId,
      writtenAt: run.endedAt ?? 0n,
      change: 'DROP',
      isAssumed: false,
      schema: undefined,
    })),
  ]
}

export function renamesOf(run: Run): Renamed[] {
  if (run.state !== 'COMPLETE') return []
  return run.outputs.flatMap(({ dataset, former }) =>
    former === undefined ? [] : [{ dataset, former, at: run.endedAt ?? 0n, runId: run.runId }],
  )
}

function toVersion(run: Run, { dataset, version, change, schema }: Written): Version {
  return {
    dataset,
    run,
    version: version ?? run.runId,
    writtenAt: run.endedAt ?? 0n,
    change: change ?? 'APPEND',
    isAssumed: change === undefined,
    schema: change === 'DROP' ? undefined : schema,
  }
}

function compareVersions(a: Version, b: Version): number {
  if (a.writtenAt !== b.writtenAt) return a.writtenAt < b.writtenAt ? -1 : 1
  return compareTexts(a.run.runId, b.run.runId)
}

/** When the dataset was dropped, if the newest of what completed runs did and DatasetEvents declared is a DROP. */
export function droppedAt(versions: readonly Version[], declared: Change | undefined): bigint | undefined {
  const written = greatest(versions, compareVersions)
  const isDeclared = declared !== undefined && (written === undefined || written.writtenAt < declared.at)
  const last = isDeclared ? declared : written && { change: written.change, at: written.writtenAt }
  return last?.change === 'DROP' ? last.at : undefined
}

/** The newest of what completed runs wrote and DatasetEvents declared. */
export function statedSchema(
  versions: readonly Version[],
  declared: readonly SaidOfDataset[],
): Schema | undefined {
  const written = greatest(
    versions.filter(({ schema }) => schema !== undefined),
    compareVersions,
  )
  const stated = lastSeen(declared)
  const isNewer = stated !== undefined && (written === undefined || written.writtenAt < stated.clock.time)
  return isNewer ? stated.schema : written?.schema
}

/** What DatasetEvents declare of the dataset: of its own change and of those that gave its name up, the newest. */
export function declaredChange(dataset: Name, declared: readonly SaidOfDataset[]): Change | undefined {
  const own = declared.filter((said) => said.dataset === dataset)
  const changes = [
    ...[changeOf(current(own, 'lifecycleStateChange'))].flatMap((change) => change ?? []),
    ...declaredRenames(declared)
      .filter(({ former }) => former === dataset)
      .map(({ at }) => ({ change: 'DROP', at })),
  ]
  return greatest(changes, (a, b) => Number(a.at - b.at))
}

/** Each renaming that DatasetEvents have declared: what came after does not undo it. */
export function declaredRenames(declared: readonly SaidOfDataset[]): Renamed[] {
  return declared.flatMap((said) => {
    const change = changeOf(current([said], 'lifecycleStateChange'))
    if (change?.former === undefined || change.former === said.dataset) return []
    return [{ dataset: said.dataset, former: change.former, at: change.at }]
  })
}
