import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { asText, fromDateTimeText, toDateTime } from '../graph/values.ts'
import { byKey } from '../openlineage/canonical-json.ts'
import { fromEntityKey, toContentKey, type EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import type { Facts } from '../project/facts.ts'
import { precedenceSources, strongerSource, type PrecedenceFact } from '../project/precedence.ts'
import type { StoredJob } from './lock-nodes.ts'
import { runRows } from './run-rows.ts'

const findHierarchyStatement = cypher`
  UNWIND $rows AS row
  MATCH (c:Job {namespace: row.child.namespace, name: row.child.name})-[:CHILD_OF]->
    (p:Job {namespace: row.parent.namespace, name: row.parent.name})
  USING INDEX SEEK c:Job(namespace, name)
  USING INDEX SEEK p:Job(namespace, name)
  RETURN row.key AS key
`

const writeHierarchyStatement = cypher`
  UNWIND $rows AS row
  MATCH (c:Job {namespace: row.child.namespace, name: row.child.name})
  USING INDEX SEEK c:Job(namespace, name)
  MATCH (p:Job {namespace: row.parent.namespace, name: row.parent.name})
  USING INDEX SEEK p:Job(namespace, name)
  MERGE (c)-[:CHILD_OF]->(p)
`

/** Writes which job runs within which. Pairs that are known already are not touched: all tasks of a DAG share its node. */
export async function writeHierarchy(tx: GraphTransaction, { hierarchy }: Facts): Promise<void> {
  const rows = [...hierarchy].toSorted(byKey).map(([key, { child, parent }]) => ({
    key,
    child: fromEntityKey(child),
    parent: fromEntityKey(parent),
  }))
  const known = new Set((await runRows(tx, findHierarchyStatement, rows)).map(({ key }) => key))
  await runRows(
    tx,
    writeHierarchyStatement,
    rows.filter(({ key }) => !known.has(key)),
  )
}

const findPrecedencesStatement = cypher`
  UNWIND $rows AS key
  MATCH ()-[p:PRECEDES {key: key}]->()
  USING INDEX SEEK p:PRECEDES(key)
  RETURN p.key AS key, p.source AS source, toString(p.firstSeenAt) AS firstSeenAt
`

const writePrecedencesStatement = cypher`
  UNWIND $rows AS row
  MATCH (a:Job {namespace: row.from.namespace, name: row.from.name})
  USING INDEX SEEK a:Job(namespace, name)
  MATCH (b:Job {namespace: row.to.namespace, name: row.to.name})
  USING INDEX SEEK b:Job(namespace, name)
  MERGE (a)-[p:PRECEDES {key: row.key}]->(b)
  SET p.source = row.source, p.firstSeenAt = row.firstSeenAt, p.dag = coalesce(p.dag, row.dag),
    p.current = coalesce(p.current, row.current)
`

/** A newer START of the DAG replaces its whole control flow; edges that only tasks have claimed give way to it too. */
const replaceControlFlowStatement = cypher`
  UNWIND $rows AS row
  MATCH ()-[p:PRECEDES {dag: row.dag}]->()
  USING INDEX SEEK p:PRECEDES(dag)
  SET p.current = p.key IN row.keys
`

const setControlFlowStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  SET j.controlFlowClock = row.clock, j.controlFlow = row.keys
`

/**
 * Which PRECEDES edges the batch may change, so that their DAGs are to be locked: those that are new, seen earlier than known, or
 * said by a stronger source, and whole control flows.
 */
export async function findChangedPrecedences(
  tx: GraphTransaction,
  facts: Facts,
): Promise<Map<string, PrecedenceFact>> {
  const rows = await runRows(tx, findPrecedencesStatement, [...facts.precedences.keys()].toSorted())
  const known = new Map(rows.map((row) => [String(row['key']), row]))
  return new Map([...facts.precedences].filter(([key, fact]) => changes(fact, known.get(key))))
}

/** The jobs whose lock guards these edges. */
export function guardsOf(changed: ReadonlyMap<string, PrecedenceFact>, { controlFlows }: Facts): EntityKey[] {
  return [
    ...[...changed.values()].flatMap(({ from, to, dag }) =>
      dag === undefined ? [from, to] : [from, to, dag],
    ),
    ...controlFlows.keys(),
  ]
}

/** Writes the edges of control flow. Jobs and DAGs are locked. */
export async function writeControlFlow(
  tx: GraphTransaction,
  {
    facts,
    changed,
    jobs,
  }: { facts: Facts; changed: ReadonlyMap<string, PrecedenceFact>; jobs: ReadonlyMap<EntityKey, StoredJob> },
): Promise<void> {
  // Read again, now under the locks.
  const rows = await runRows(tx, findPrecedencesStatement, [...changed.keys()].toSorted())
  const known = new Map(rows.map((row) => [String(row['key']), row]))
  const flows = new Map(
    [...facts.controlFlows].filter(([dag, { clock }]) => clock > (jobs.get(dag)?.controlFlowClock ?? '')),
  )
  const controlFlowOf = (dag: EntityKey | undefined) =>
    dag === undefined ? undefined : (flows.get(dag)?.value ?? jobs.get(dag)?.controlFlow)
  const edges = [...changed].toSorted(byKey).map(([key, fact]) => ({
    key,
    from: fromEntityKey(fact.from),
    to: fromEntityKey(fact.to),
    dag: fact.dag === undefined ? null : toContentKey(fact.dag),
    // An edge that no whole control flow speaks of is taken as told.
    current: controlFlowOf(fact.dag)?.includes(key) ?? true,
    ...toJoined(fact, known.get(key)),
  }))
  await runRows(tx, writePrecedencesStatement, edges)
  const replaced = [...flows].filter(([dag, { value }]) => !isSameFlow(value, jobs.get(dag)?.controlFlow))
  await runRows(
    tx,
    replaceControlFlowStatement,
    replaced.map(([dag, { value }]) => ({ dag: toContentKey(dag), keys: value })),
  )
  const moved = [...flows].map(([dag, { clock, value }]) => ({ ...fromEntityKey(dag), clock, keys: value }))
  await runRows(tx, setControlFlowStatement, moved)
}

function changes(fact: PrecedenceFact, known: Record<string, unknown> | undefined): boolean {
  if (known === undefined) return true
  const { source, firstSeenAt } = toKnown(known)
  return (
    source === undefined ||
    firstSeenAt === undefined ||
    fact.first < firstSeenAt ||
    strongerSource(source, fact.source) !== source
  )
}

function toJoined(fact: PrecedenceFact, row: Record<string, unknown> | undefined) {
  const known = row === undefined ? undefined : toKnown(row)
  const first =
    known?.firstSeenAt !== undefined && known.firstSeenAt < fact.first ? known.firstSeenAt : fact.first
  const source = known?.source === undefined ? fact.source : strongerSource(known.source, fact.source)
  return { firstSeenAt: toDateTime(first), source }
}

function toKnown(row: Record<string, unknown>): {
  source: PrecedenceFact['source'] | undefined
  firstSeenAt: Instant | undefined
} {
  const source = asText(row['source'])
  return {
    source: precedenceSources.find((candidate) => candidate === source),
    firstSeenAt: fromDateTimeText(row['firstSeenAt']),
  }
}

function isSameFlow(a: readonly string[], b: readonly string[] | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((key, index) => key === b[index])
}
