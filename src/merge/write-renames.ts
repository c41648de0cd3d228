import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { toDateTime } from '../graph/values.ts'
import { fromEntityKey, toContentKey, type EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import type { Rename } from '../project/derive-run.ts'
import type { Facts } from '../project/facts.ts'
import type { RunChange } from './run-changes.ts'
import { runRows } from './run-rows.ts'

const deleteRenamesStatement = cypher`
  UNWIND $rows AS key
  MATCH ()-[x:RENAMED_FROM {key: key}]->()
  USING INDEX SEEK x:RENAMED_FROM(key)
  DELETE x
`

const writeRenamesStatement = cypher`
  UNWIND $rows AS row
  MATCH (new:Dataset {namespace: row.to.namespace, name: row.to.name})
  USING INDEX SEEK new:Dataset(namespace, name)
  MATCH (old:Dataset {namespace: row.from.namespace, name: row.from.name})
  USING INDEX SEEK old:Dataset(namespace, name)
  MERGE (new)-[x:RENAMED_FROM {key: row.key}]->(old)
  SET x.runId = row.runId,
    x.at = CASE WHEN row.runId IS NULL AND x.at < row.at THEN x.at ELSE row.at END
`

interface RenameRow {
  key: string
  to: EntityKey
  from: EntityKey
  /** Undefined where a DatasetEvent says so. */
  runId: string | undefined
  at: Instant
}

/** Writes which datasets had another name before: as long as the run that renamed them has completed, or as DatasetEvents say. */
export async function writeRenames(
  tx: GraphTransaction,
  { facts, runs }: { facts: Facts; runs: readonly RunChange[] },
): Promise<void> {
  const before = runs.flatMap((run) => toRows(run.runId, run.before.renames))
  const after = runs.flatMap((run) => toRows(run.runId, run.after.renames))
  const kept = new Set(after.map(({ key }) => key))
  const gone = before.filter(({ key }) => !kept.has(key)).map(({ key }) => key)
  const known = new Set(before.map(({ key, at }) => `${key} ${at}`))
  const fresh = after.filter(({ key, at }) => !known.has(`${key} ${at}`))
  const declared = [...facts.renames.values()].map(({ from, to, at }) => ({
    key: toContentKey(`${to} ${from}`),
    to,
    from,
    runId: undefined,
    at,
  }))
  await runRows(tx, deleteRenamesStatement, gone)
  await runRows(tx, writeRenamesStatement, [...fresh, ...declared].map(toParameters))
}

function toRows(runId: string, renames: ReadonlyMap<EntityKey, Rename>): RenameRow[] {
  return [...renames].map(([to, { from, at }]) => ({
    key: toContentKey(`${to} ${from} ${runId}`),
    to,
    from,
    runId,
    at,
  }))
}

function toParameters({ key, to, from, runId, at }: RenameRow) {
  return { key, to: fromEntityKey(to), from: fromEntityKey(from), runId: runId ?? null, at: toDateTime(at) }
}
