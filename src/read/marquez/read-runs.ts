import type { GraphTransaction } from '../../graph/connection.ts'
import type { Reader } from '../../http/access.ts'
import { toEntityKey, type EntityName } from '../../openlineage/keys.ts'
import { toFacets } from '../entities/show-value.ts'
import { maps, numberOrNull, textOrNull, toMarquezState, toTime, toUuid } from './marquez-values.ts'
import { findVersionsReadStatement, readLatestRunsStatement, readRunsStatement } from './run-statements.ts'

/** Datasets shown of one run on each side. */
const tiesMax = 1000

export type MarquezRun = Record<string, unknown>

/** The newest runs of jobs, by the key of the job: without facets and dataset versions, which a single run has. */
export async function readLatestRuns(
  tx: GraphTransaction,
  jobs: readonly EntityName[],
  { runs }: { runs: number },
): Promise<Map<string, MarquezRun[]>> {
  if (jobs.length === 0) return new Map()
  const rows = await tx.run(readLatestRunsStatement, { rows: jobs, runs })
  return new Map(
    rows.map((row) => {
      const job = { namespace: String(row['namespace']), name: String(row['name']) }
      const found = Array.isArray(row['runs']) ? row['runs'] : []
      return [toEntityKey(job), found.filter(isList).map((short) => toShortRun(short, job))]
    }),
  )
}

/** Runs with everything, in the order of their ids; those that nobody knows are left out. */
export async function readRuns(
  tx: GraphTransaction,
  runIds: readonly string[],
  { reader }: { reader: Reader },
): Promise<MarquezRun[]> {
  if (runIds.length === 0) return []
  const rows = await tx.run(readRunsStatement, { runIds, ties: tiesMax })
  const known = rows.filter(
    (row) => textOrNull(row['namespace']) !== null && reader.sees(String(row['namespace'])),
  )
  const sees = ({ namespace }: Record<string, unknown>) => reader.sees(String(namespace))
  const reads = known.flatMap((row) =>
    maps(row['reads'])
      .filter(sees)
      .map((read) => ({ runId: String(row['runId']), ...read })),
  )
  const versions = await findVersionsRead(tx, reads)
  return known.map((row) => {
    const job = { namespace: String(row['namespace']), name: String(row['name']) }
    const produced = new Map(
      maps(row['produced']).map((v) => [
        toEntityKey({ namespace: String(v['namespace']), name: String(v['dataset']) }),
        String(v['key']),
      ]),
    )
    return {
      ...toShortRun(isList(row['short']) ? row['short'] : [], job),
      inputDatasetVersions: reads.flatMap((read, index) =>
        read.runId === row['runId'] ? [toTie(read, { key: versions.get(index)?.key, reader })] : [],
      ),
      outputDatasetVersions: maps(row['writes'])
        .filter(sees)
        .flatMap((write) => {
          const key = produced.get(
            toEntityKey({ namespace: String(write['namespace']), name: String(write['name']) }),
          )
          return key === undefined ? [] : [toTie(write, { key, reader })]
        }),
      facets: toFacets(row['properties'], reader),
    }
  })
}

/** What was read when: the version that was the newest then, by the index of the reading. */
export async function findVersionsRead(
  tx: GraphTransaction,
  reads: readonly Record<string, unknown>[],
): Promise<Map<number, { key: string; writer: string | null }>> {
  if (reads.length === 0) return new Map()
  const rows = await tx.run(findVersionsReadStatement, {
    rows: reads.map(({ namespace, name, facets, at }, index) => ({
      index: String(index),
      namespace,
      name,
      at: at ?? (typeof facets === 'object' && facets !== null && 'at' in facets ? facets.at : null),
    })),
  })
  return new Map(
    rows.map((row) => [Number(row['index']), { key: String(row['key']), writer: textOrNull(row['writer']) }]),
  )
}

/** The version of a dataset that no run is known to have written. */
export function unknownVersion(dataset: EntityName): string {
  return toUuid(`${toEntityKey(dataset)} unknown`)
}

function toTie(tie: Record<string, unknown>, { key, reader }: { key: string | undefined; reader: Reader }) {
  const dataset = { namespace: String(tie['namespace']), name: String(tie['name']) }
  return {
    datasetVersionId: { ...dataset, version: key === undefined ? unknownVersion(dataset) : toUuid(key) },
    facets: toFacets(tie['facets'], reader),
  }
}

function toShortRun(short: readonly unknown[], job: EntityName): MarquezRun {
  const [id, state, startedAt, endedAt, durationMs, nominalStart, nominalEnd, version, parameters] = short
  return {
    id: String(id),
    createdAt: toTime(startedAt),
    updatedAt: toTime(endedAt) ?? toTime(startedAt),
    nominalStartTime: toTime(nominalStart),
    nominalEndTime: toTime(nominalEnd),
    state: toMarquezState(state),
    startedAt: toTime(startedAt),
    endedAt: toTime(endedAt),
    durationMs: numberOrNull(durationMs),
    args: toArgs(parameters),
    jobVersion: typeof version === 'string' ? { ...job, version: toUuid(version) } : null,
    inputDatasetVersions: [],
    outputDatasetVersions: [],
    facets: {},
  }
}

/** Parameters stand in the graph as `key=value`. */
function toArgs(parameters: unknown): Record<string, string> {
  const texts = Array.isArray(parameters) ? parameters.map(String) : []
  return Object.fromEntries(
    texts.map((text) => {
      const end = text.indexOf('=')
      return end === -1 ? [text, ''] : [text.slice(0, end), text.slice(end + 1)]
    }),
  )
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value)
}
