import type { Reader } from '../../http/access.ts'
import { toNodeId } from '../node-id.ts'
import { toNamed } from '../entities/shown-names.ts'
import type { HeldVersion } from './held-content.ts'
import type { RunCode } from './run-code.ts'
import type { Origin, OriginRead } from './walk-origin.ts'

/** The origin as it is answered: versions and runs, each once, that name each other by key and id. */
export function toShownOrigin(
  origin: Origin,
  { codes, isCodeCut, reader }: { codes: ReadonlyMap<string, RunCode>; isCodeCut: boolean; reader: Reader },
): Record<string, unknown> {
  const { truncated } = origin
  const shown = new Set(origin.versions.keys())
  const runs = [...origin.runs.values()]
  return {
    versions: [...origin.versions.values()].map(({ version, distance }) => ({
      ...toShownVersion(version, reader),
      distance,
    })),
    runs: runs.map(({ run, distance, reads }) => ({
      id: toNodeId({ kind: 'run', runId: run.runId }),
      runId: run.runId,
      ...(run.job !== undefined && { job: toNamed('job', run.job) }),
      state: run.state,
      startedAt: run.startedAt,
      endedAt: run.endedAt,
      distance,
      code: {
        ...(run.jobVersion !== undefined && { jobVersion: run.jobVersion }),
        ...(run.source !== undefined && { source: run.source }),
        ...codes.get(run.runId),
      },
      read: reads.map((read) => toShownRead(read, shown)),
    })),
    sources: toSources(runs.flatMap(({ reads }) => reads)),
    truncated: {
      depth: truncated.depth,
      nodes: truncated.nodes,
      fanOut: [...truncated.fanOut],
      code: isCodeCut,
    },
    hidden: origin.hidden.size,
  }
}

export function toShownVersion(version: HeldVersion, reader: Reader): Record<string, unknown> {
  const { key, dataset, run, rowCount, version: name, writtenAt, change, assumed } = version
  const isSeen =
    run !== undefined &&
    (reader.namespaces === undefined || (run.job !== undefined && reader.sees(run.job.namespace)))
  return {
    key,
    dataset: toNamed('dataset', dataset),
    version: name,
    writtenAt,
    change,
    assumed,
    ...(rowCount !== undefined && { rowCount }),
    ...(isSeen && { run: toNodeId({ kind: 'run', runId: run.runId }) }),
  }
}

function toShownRead(
  { dataset, named, held }: OriginRead,
  shown: ReadonlySet<string>,
): Record<string, unknown> {
  return {
    dataset: toNamed('dataset', dataset),
    ...(named !== undefined && { named }),
    how: held.how,
    versions: held.versions.map(({ key }) => key).filter((key) => shown.has(key)),
    ...(held.isCut && { more: true }),
  }
}

/** What was read, and of which no version is known: where the walk ends because the data comes from outside. */
function toSources(reads: readonly OriginRead[]): Record<string, unknown>[] {
  const sources = new Map<string, Record<string, unknown>>()
  for (const { dataset, named } of reads.filter(({ held }) => held.versions.length === 0)) {
    const shown = toNamed('dataset', dataset)
    const present = sources.get(shown.id)
    sources.set(shown.id, { ...shown, ...present, ...(named !== undefined && { named }) })
  }
  return [...sources.values()]
}
