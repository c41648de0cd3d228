import type { GraphTransaction, Row } from '../../graph/connection.ts'
import type { Reader } from '../../http/access.ts'
import { toEntityKey, type EntityName } from '../../openlineage/keys.ts'
import { toFacets } from '../entities/show-value.ts'
import { readJobsStatement } from './job-statements.ts'
import { isMap, maps, textOrNull, toTagNames, toTime, toUuid } from './marquez-values.ts'
import { readLatestRuns, type MarquezRun } from './read-runs.ts'

/** Datasets shown of one job on each side. */
const tiesMax = 1000

export interface JobReading {
  reader: Reader
  /** Newest runs of each. */
  runs: number
  /** Whether hidden jobs are left out. */
  hides: boolean
}

/** Jobs as Marquez shows them, in the order of their names; those that nobody knows or may see are left out. */
export async function readJobs(
  tx: GraphTransaction,
  names: readonly EntityName[],
  { reader, runs, hides }: JobReading,
): Promise<Record<string, unknown>[]> {
  const rows = names.filter(({ namespace }) => reader.sees(namespace))
  if (rows.length === 0) return []
  const [found, latest] = await Promise.all([
    tx.run(readJobsStatement, { rows, ties: tiesMax }),
    readLatestRuns(tx, rows, { runs }),
  ])
  const shown = found.filter((row) => !hides || row['isHidden'] !== true)
  return shown.map((row) => toJob(row, { reader, runs: latest.get(toEntityKey(toName(row))) ?? [] }))
}

function toJob(row: Row, { reader, runs }: { reader: Reader; runs: MarquezRun[] }): Record<string, unknown> {
  const { namespace, name } = toName(row)
  const properties = isMap(row['properties']) ? row['properties'] : {}
  const [parent] = maps(row['parents'])
  const parentName = textOrNull(parent?.['name'])
  const version = textOrNull(properties['version'])
  return {
    id: { namespace, name },
    type: toJobType(properties['processingType']),
    name,
    simpleName:
      parentName !== null && name.startsWith(`${parentName}.`) ? name.slice(parentName.length + 1) : name,
    parentJobName: parentName,
    parentJobUuid:
      parentName === null
        ? null
        : toUuid(toEntityKey({ namespace: String(parent?.['namespace']), name: parentName })),
    createdAt: toTime(row['createdAt']),
    updatedAt: toTime(row['updatedAt']),
    namespace,
    inputs: toCurrent(row['inputs'], reader),
    outputs: toCurrent(row['outputs'], reader),
    location: textOrNull(properties['sourceLocation']),
    description: textOrNull(properties['description']),
    latestRun: runs[0] ?? null,
    latestRuns: runs,
    facets: toFacets(properties, reader),
    currentVersion: version === null ? null : toUuid(version),
    labels: [],
    tags: toTagNames(row['tags']),
  }
}

/** What is current; or all, where no run has completed yet: a job that has only begun keeps its edges. */
export function toCurrent(ties: unknown, reader: Reader): EntityName[] {
  const seen = maps(ties).filter(({ namespace }) => reader.sees(String(namespace)))
  const current = seen.filter((tie) => tie['current'] === true)
  return (current.length > 0 ? current : seen)
    .map(toName)
    .toSorted((a, b) => (toEntityKey(a) < toEntityKey(b) ? -1 : 1))
}

function toName({ namespace, name }: Record<string, unknown>): EntityName {
  return { namespace: String(namespace), name: String(name) }
}

export function toJobType(processingType: unknown): string {
  if (processingType === 'STREAMING') return 'STREAM'
  return processingType === 'SERVICE' ? 'SERVICE' : 'BATCH'
}
