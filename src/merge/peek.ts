import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { asText, fromDateTime } from '../graph/values.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import { decodeRun } from '../project/accumulated-run.ts'
import type { Facts } from '../project/facts.ts'
import { isSettled } from '../project/standing.ts'
import { rowKey } from './row-key.ts'
import type { RulesInForce } from './rules-in-force.ts'
import { runRows } from './run-rows.ts'

/*
 * Tasks of one DAG all mention it. Were it locked each time, their workers would wait for each other; so what is only mentioned is
 * looked at without a lock first, and left alone where the mention cannot change it any more.
 */

const peekRunsStatement = cypher`
  UNWIND $rows AS runId
  MATCH (r:Run {runId: runId})
  USING INDEX SEEK r:Run(runId)
  RETURN r.runId AS runId, r.accumulated AS accumulated
`

/** The runs of the batch that may change: all that speak for themselves, and stubs whose job is not settled. */
export async function findRunsToLock(tx: GraphTransaction, facts: Facts): Promise<string[]> {
  const mentioned = [...facts.runs].filter(([, { said }]) => said.first === undefined).map(([runId]) => runId)
  const rows = await runRows(tx, peekRunsStatement, mentioned)
  const settled = new Set(
    rows
      .filter((row) => isSettled(decodeRun(asText(row['accumulated'])).job?.standing ?? 0))
      .map((row) => String(row['runId'])),
  )
  return [...facts.runs.keys()].filter((runId) => !settled.has(runId))
}

const peekJobsStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  RETURN j.namespace AS namespace, j.name AS name, j.firstSeenAt AS firstSeenAt, j.rulesKey AS rulesKey
`

/**
 * The jobs of the batch that may change: a mention changes a job only where it is new, was not seen that early, or has its links
 * from other rules than these.
 */
export async function findJobsToLock(
  tx: GraphTransaction,
  facts: Facts,
  rules: RulesInForce | undefined,
): Promise<EntityKey[]> {
  const mentioned = [...facts.jobs].filter(([, { last }]) => last === undefined).map(([key]) => key)
  const rows = await runRows(tx, peekJobsStatement, mentioned.map(fromEntityKey))
  const settled = new Set(
    rows.flatMap((row) => {
      const key = rowKey(row)
      const firstSeenAt = fromDateTime(row['firstSeenAt'])
      const first = facts.jobs.get(key)?.first
      const isLinked = rules === undefined || asText(row['rulesKey']) === rules.key
      const isSeen = firstSeenAt !== undefined && first !== undefined && firstSeenAt <= first
      return isSeen && isLinked ? [key] : []
    }),
  )
  return [...facts.jobs.keys()].filter((key) => !settled.has(key))
}
