import type { GraphTransaction } from '../../graph/connection.ts'
import type { Reader } from '../../http/access.ts'
import { toEntityKey, type EntityName } from '../../openlineage/keys.ts'
import { toNodeId } from '../node-id.ts'
import { latest } from '../entities/positions.ts'
import { findHeld, type Held, type HeldQuestion } from './find-held.ts'
import type { HeldVersion } from './held-content.ts'
import { readRunsWithReads, type OriginRun } from './origin-runs.ts'

export interface OriginLimits {
  /** Runs in a row. */
  depth: number
  /** Runs and versions together. */
  nodes: number
  /** Versions of one dataset that are followed where data was appended. */
  appends: number
}

/** What a run read of one dataset. */
export interface OriginRead {
  dataset: EntityName
  /** As the producer names it, whether the graph knows it or not. */
  named: string | undefined
  held: Held
}

export interface Origin {
  versions: Map<string, { version: HeldVersion; distance: number }>
  runs: Map<string, { run: OriginRun; distance: number; reads: OriginRead[] }>
  truncated: { depth: boolean; nodes: boolean; fanOut: Set<string> }
  /** Runs and datasets on the way that the reader may not see: the walk ends there. */
  hidden: Set<string>
}

/**
 * Goes from versions, or from a run, back to the sources: from a version to the run that made it, from a run to the versions that it
 * read. Level by level, each run and version once.
 */
export async function walkOrigin(
  tx: GraphTransaction,
  start: { versions: readonly HeldVersion[]; runId?: string | undefined },
  { limits, reader }: { limits: OriginLimits; reader: Reader },
): Promise<Origin> {
  const origin: Origin = {
    versions: new Map(),
    runs: new Map(),
    truncated: { depth: false, nodes: false, fanOut: new Set() },
    hidden: new Set(),
  }
  addVersions(origin, start.versions, { distance: 0, limits, reader })
  let next = start.runId === undefined ? makersOf(start.versions, origin, reader) : [start.runId]
  for (let level = 1; next.length > 0; level += 1) {
    if (level > limits.depth) {
      origin.truncated.depth = true
      break
    }
    const room = limits.nodes - origin.runs.size - origin.versions.size
    if (next.length > room) origin.truncated.nodes = true
    // oxlint-disable-next-line no-await-in-loop -- a level is known when the one before is
    next = await walkLevel(tx, origin, { runIds: next.slice(0, Math.max(room, 0)), level, limits, reader })
  }
  return origin
}

async function walkLevel(
  tx: GraphTransaction,
  origin: Origin,
  asked: { runIds: readonly string[]; level: number; limits: OriginLimits; reader: Reader },
): Promise<string[]> {
  const { runIds, level, limits, reader } = asked
  const runs = await readRunsWithReads(tx, runIds)
  const reads = runs.flatMap((run) => run.reads.map((read) => ({ run, read })))
  const seen = reads.filter(({ read }) => reader.sees(read.dataset.namespace))
  const unseen = reads.filter(({ read }) => !reader.sees(read.dataset.namespace))
  for (const { read } of unseen) origin.hidden.add(toNodeId({ kind: 'dataset', ...read.dataset }))
  const held = await findHeld(tx, seen.map(toQuestion), { versionsMax: limits.appends })
  for (const run of runs) {
    origin.runs.set(run.runId, { run, distance: level, reads: [] })
    if (run.hasMoreReads) origin.truncated.fanOut.add(toNodeId({ kind: 'run', runId: run.runId }))
  }
  const found: HeldVersion[] = []
  for (const [index, { run, read }] of seen.entries()) {
    const one = held[index] ?? { how: 'TIME', versions: [], isCut: false }
    const visible = one.versions.filter(({ dataset }) => reader.sees(dataset.namespace))
    origin.runs.get(run.runId)?.reads.push({
      dataset: read.dataset,
      named: read.version,
      held: { ...one, versions: visible },
    })
    if (one.isCut) origin.truncated.fanOut.add(toNodeId({ kind: 'dataset', ...read.dataset }))
    found.push(...one.versions)
  }
  addVersions(origin, found, { distance: level, limits, reader })
  return makersOf(found, origin, reader)
}

function toQuestion({ run, read }: { run: OriginRun; read: OriginRun['reads'][number] }): HeldQuestion {
  const at = run.startedAt ?? read.at ?? latest
  return {
    dataset: read.dataset,
    version: read.version,
    at,
    until: run.endedAt ?? latest,
    exceptRun: run.runId,
  }
}

function addVersions(
  origin: Origin,
  versions: readonly HeldVersion[],
  { distance, limits, reader }: { distance: number; limits: OriginLimits; reader: Reader },
): void {
  for (const version of versions) {
    if (origin.versions.has(version.key)) continue
    if (!reader.sees(version.dataset.namespace)) origin.hidden.add(toEntityKey(version.dataset))
    else if (origin.versions.size + origin.runs.size >= limits.nodes) origin.truncated.nodes = true
    else origin.versions.set(version.key, { version, distance })
  }
}

/** The runs that made versions, as far as they are new and may be seen. */
function makersOf(versions: readonly HeldVersion[], origin: Origin, reader: Reader): string[] {
  const makers = new Set<string>()
  for (const { key, run } of versions) {
    if (run === undefined || origin.runs.has(run.runId) || !origin.versions.has(key)) continue
    const isSeen =
      reader.namespaces === undefined || (run.job !== undefined && reader.sees(run.job.namespace))
    if (isSeen) makers.add(run.runId)
    else origin.hidden.add(run.runId)
  }
  return [...makers]
}
