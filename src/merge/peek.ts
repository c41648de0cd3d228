import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { asText, fromDateTimeText } from '../graph/values.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import { joinRuns } from '../project/accumulated-run.ts'
import { decodeRun } from '../project/decode-run.ts'
import { encodeRun } from '../project/encode-run.ts'
import type { Facts, JobFact, RunFact } from '../project/facts.ts'
import { hasNewerFacets } from './facet-changes.ts'
import { rowKey } from './row-key.ts'
import type { RulesInForce } from './rules-in-force.ts'
import { runRows } from './run-rows.ts'

/*
 * Tasks of one DAG all mention it. Were it locked each time, their workers would wait for each other; so what is only mentioned is
 * looked at without a lock first, and left alone where the mention changes nothing. What a node knows only grows, so what changes
 * nothing now changes nothing later either.
 */

const peekRunsStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run {runId: row.runId})
  USING INDEX SEEK r:Run(runId)
  RETURN r.runId AS runId, r.accumulated AS accumulated, CASE WHEN row.hasFacets THEN r.facetClocks END AS facetClocks
`

/** The runs of the batch that may change: all that speak for themselves, and those of which others tell something new. */
export async function findRunsToLock(tx: GraphTransaction, facts: Facts): Promise<string[]> {
  const mentioned = [...facts.runs]
    .filter(([, { said }]) => said.first === undefined)
    .map(([runId, { facets }]) => ({ runId, hasFacets: facets.size > 0 }))
  const rows = await runRows(tx, peekRunsStatement, mentioned)
  const settled = new Set(
    rows.flatMap((row) => {
      const runId = String(row['runId'])
      const fact = facts.runs.get(runId)
      return fact !== undefined && isKnownOfRun(fact, row) ? [runId] : []
    }),
  )
  return [...facts.runs.keys()].filter((runId) => !settled.has(runId))
}

function isKnownOfRun({ said, facets }: RunFact, row: Record<string, unknown>): boolean {
  const accumulated = asText(row['accumulated'])
  if (accumulated === undefined || hasNewerFacets(toFacetClocks(row), facets)) return false
  return encodeRun(joinRuns(decodeRun(accumulated), said)) === accumulated
}

const peekJobsStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  RETURN j.namespace AS namespace, j.name AS name, toString(j.firstSeenAt) AS firstSeenAt, j.rulesKey AS rulesKey,
    CASE WHEN row.hasFacets THEN j.facetClocks END AS facetClocks
`

/**
 * The jobs of the batch that may change: a mention changes a job only where it is new, was not seen that early, was linked under
 * other rules, or where something new is forwarded of its facets.
 */
export async function findJobsToLock(
  tx: GraphTransaction,
  facts: Facts,
  rules: RulesInForce | undefined,
): Promise<EntityKey[]> {
  const mentioned = [...facts.jobs]
    .filter(([, { last }]) => last === undefined)
    .map(([key, { facets }]) => ({ ...fromEntityKey(key), hasFacets: facets.size > 0 }))
  const rows = await runRows(tx, peekJobsStatement, mentioned)
  const settled = new Set(
    rows.flatMap((row) => {
      const key = rowKey(row)
      const fact = facts.jobs.get(key)
      const isLinked = rules === undefined || row['rulesKey'] === rules.key
      return isLinked && fact !== undefined && isKnownOfJob(fact, row) ? [key] : []
    }),
  )
  return [...facts.jobs.keys()].filter((key) => !settled.has(key))
}

function isKnownOfJob({ first, facets }: JobFact, row: Record<string, unknown>): boolean {
  const firstSeenAt = fromDateTimeText(row['firstSeenAt'])
  return firstSeenAt !== undefined && firstSeenAt <= first && !hasNewerFacets(toFacetClocks(row), facets)
}

function toFacetClocks(row: Record<string, unknown>): { facetClocks: string | undefined } {
  return { facetClocks: asText(row['facetClocks']) }
}
