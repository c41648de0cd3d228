import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import type { Reader } from '../../http/access.ts'
import { maps, textOrNull, toMarquezState, toTime, toUuid } from './marquez-values.ts'
import { findVersionsRead, unknownVersion } from './read-runs.ts'

/** Runs of one answer at most, and datasets looked at of one run. */
const runsMax = 5000
const tiesMax = 1000

const readInputsStatement = cypher`
  UNWIND $runIds AS runId
  MATCH (r:Run {runId: runId})
  USING INDEX SEEK r:Run(runId)
  RETURN r.runId AS runId, r.jobNamespace AS namespace, r.jobName AS name, r.state AS state,
    toString(r.startedAt) AS startedAt, toString(r.endedAt) AS endedAt, [(r)-[:OF_VERSION]->(v:JobVersion) | v.key][0] AS version,
    COLLECT {
      MATCH (r)-[x:READ]->(d:Dataset)
      RETURN {namespace: d.namespace, name: d.name, at: x.at} LIMIT toInteger($ties)
    } AS reads
`

/**
 * The runs that made what a run read, and so on back to the sources: of each dataset the version that was the newest when it was read.
 * @returns undefined where nobody knows the run
 */
export async function toRunLineage(
  tx: GraphTransaction,
  { runId, depth, reader }: { runId: string; depth: number; reader: Reader },
): Promise<{ runs: Record<string, unknown>[]; hidden: number; isCut: boolean } | undefined> {
  const runs: Record<string, unknown>[] = []
  const seen = new Set([runId])
  let hidden = 0
  let level = [runId]
  for (let distance = 0; level.length > 0 && distance <= depth; distance += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each level follows from the one before
    const rows = await tx.run(readInputsStatement, { runIds: level, ties: tiesMax })
    const shown = rows.filter((row) => reader.sees(String(row['namespace'])))
    hidden += rows.length - shown.length
    // oxlint-disable-next-line no-await-in-loop -- likewise
    const found = await toRuns(tx, shown, reader)
    runs.push(...found.map(({ run }) => run))
    level = [...new Set(found.flatMap(({ writers }) => writers))].filter((writer) => !seen.has(writer))
    level = level.slice(0, Math.max(0, runsMax - seen.size))
    for (const writer of level) seen.add(writer)
  }
  if (runs.length === 0) return undefined
  return { runs, hidden, isCut: level.length > 0 || seen.size >= runsMax }
}

async function toRuns(tx: GraphTransaction, rows: readonly Row[], reader: Reader) {
  const reads = rows.flatMap((row) =>
    maps(row['reads'])
      .filter(({ namespace }) => reader.sees(String(namespace)))
      .map((read) => ({ ...read, runId: row['runId'] })),
  )
  const versions = await findVersionsRead(tx, reads)
  return rows.map((row) => {
    const inputs = reads.flatMap((read, index) =>
      read.runId === row['runId'] ? [toInput(read, versions.get(index))] : [],
    )
    const version = textOrNull(row['version'])
    const run = {
      job: {
        namespace: row['namespace'],
        name: row['name'],
        version: version === null ? null : toUuid(version),
      },
      run: {
        id: row['runId'],
        start: toTime(row['startedAt']),
        end: toTime(row['endedAt']),
        status: toMarquezState(row['state']),
      },
      inputs,
    }
    return { run, writers: inputs.flatMap(({ producedByRunId }) => producedByRunId ?? []) }
  })
}

function toInput(read: Record<string, unknown>, version: { key: string; writer: string | null } | undefined) {
  const dataset = { namespace: String(read['namespace']), name: String(read['name']) }
  return {
    ...dataset,
    version: version === undefined ? unknownVersion(dataset) : toUuid(version.key),
    producedByRunId: version?.writer ?? null,
  }
}
