import type { EntityName } from '../../openlineage/keys.ts'
import type { Instant } from '../../openlineage/time.ts'

/** A version of a dataset, as far as it matters for what the dataset held. */
export interface HeldVersion {
  key: string
  dataset: EntityName
  version: string
  writtenAt: Instant
  change: string
  /** Whether the producer did not say how it wrote, so that it counts as an append. */
  assumed: boolean
  rowCount: number | undefined
  /** The run that made it. */
  run: { runId: string; job: EntityName | undefined } | undefined
}

/** After these a dataset holds what this version wrote and nothing older. A renamed dataset holds what its former name held. */
const bases: ReadonlySet<string> = new Set(['CREATE', 'OVERWRITE', 'TRUNCATE', 'RENAME'])

/**
 * What a dataset held: the newest version, and those before it down to the last that began anew.
 * @param versions the newest first
 * @param versionsMax so many and no more
 * @returns isCut where older ones belong to it, and are left out
 */
export function toContent(
  versions: readonly HeldVersion[],
  versionsMax: number,
): { versions: HeldVersion[]; isCut: boolean } {
  const held: HeldVersion[] = []
  for (const version of versions) {
    if (version.change === 'DROP') return { versions: held, isCut: false }
    if (held.length === versionsMax) return { versions: held, isCut: true }
    held.push(version)
    if (bases.has(version.change)) return { versions: held, isCut: false }
  }
  return { versions: held, isCut: false }
}
