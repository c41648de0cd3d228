import type { Graph, GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { patiently } from '../graph/patiently.ts'
import { asText, fromDateTimeText, toDateTime } from '../graph/values.ts'
import type { Instant } from '../openlineage/time.ts'
import { decodeRun } from '../project/decode-run.ts'

/** Runs looked at in one transaction. */
const runsAtOnce = 200

/** Runs that have not ended, those marked already left out; from the oldest on. */
const findStatement = cypher`
  UNWIND ['START', 'RUNNING', 'OTHER'] AS state
  CALL (state) {
    MATCH (r:Run)
    USING INDEX r:Run(state, startedAt)
    WHERE r.state = state AND r.startedAt >= $startedAt AND r.startedAt < $before
      AND (r.startedAt > $startedAt OR r.runId > $runId) AND r.presumedLostAt IS NULL
    RETURN r ORDER BY r.startedAt, r.runId LIMIT toInteger($limit)
  }
  WITH r ORDER BY r.startedAt, r.runId LIMIT toInteger($limit)
  RETURN r.runId AS runId, toString(r.startedAt) AS startedAt, r.accumulated AS accumulated
`
const lockStatement = cypher`
  UNWIND $runIds AS runId
  MATCH (r:Run {runId: runId})
  USING INDEX SEEK r:Run(runId)
  SET r.lock = true
  WITH r WHERE r.state IN ['START', 'RUNNING', 'OTHER']
  RETURN r.runId AS runId, r.accumulated AS accumulated
`
const markStatement = cypher`
  UNWIND $runIds AS runId
  MATCH (r:Run {runId: runId})
  USING INDEX SEEK r:Run(runId)
  SET r.presumedLostAt = datetime()
`

/**
 * Marks the runs that have not ended, and of which nothing was heard since a time. What their producers said stays as it is: the mark
 * stands beside it, and the next event of a run takes it away again.
 * @returns how many were marked
 */
export async function reapRuns(
  graph: Graph,
  {
    heardBefore,
    confirm,
    signal,
  }: {
    heardBefore: Instant
    /** Within each transaction, before it changes anything. */
    confirm: (tx: GraphTransaction) => Promise<void>
    signal: AbortSignal
  },
): Promise<number> {
  let marked = 0
  let from = { startedAt: '0000-01-01T00:00:00.000000000Z', runId: '' }
  for (;;) {
    signal.throwIfAborted()
    const page = await patiently(() => graph.inRead((tx) => findPage(tx, { from, heardBefore })))
    const last = page.at(-1)
    if (last === undefined) return marked
    const silent = page.filter((row) => isSilent(row, heardBefore)).map((row) => String(row['runId']))
    marked += await patiently(() =>
      graph.inWrite(async (tx) => {
        await confirm(tx)
        return await markSilent(tx, { runIds: silent.toSorted(), heardBefore })
      }),
    )
    from = {
      startedAt: fromDateTimeText(last['startedAt']) ?? from.startedAt,
      runId: String(last['runId']),
    }
  }
}

async function findPage(
  tx: GraphTransaction,
  {
    from: { startedAt, runId },
    heardBefore,
  }: { from: { startedAt: Instant; runId: string }; heardBefore: Instant },
) {
  const before = toDateTime(heardBefore)
  return await tx.run(findStatement, { startedAt: toDateTime(startedAt), runId, before, limit: runsAtOnce })
}

/** Looks again under the locks: an event may have come meanwhile. */
async function markSilent(
  tx: GraphTransaction,
  { runIds, heardBefore }: { runIds: readonly string[]; heardBefore: Instant },
): Promise<number> {
  if (runIds.length === 0) return 0
  const locked = await tx.run(lockStatement, { runIds })
  const silent = locked.filter((row) => isSilent(row, heardBefore)).map((row) => String(row['runId']))
  await tx.run(markStatement, { runIds: silent })
  return silent.length
}

function isSilent(row: Record<string, unknown>, heardBefore: Instant): boolean {
  const { last } = decodeRun(asText(row['accumulated']))
  return last !== undefined && last < heardBefore
}
