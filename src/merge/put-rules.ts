import { randomUUID } from 'node:crypto'
import type { Graph, GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { toDateTime } from '../graph/values.ts'
import { toRulesKey, type IdentityRules } from '../identity/rules.ts'
import { toCanonicalJson } from '../openlineage/canonical-json.ts'
import { instantOf } from '../openlineage/time.ts'
import { createRuleBook, findRules, IDENTITY_RULES, type RulesInForce } from './rules-in-force.ts'

/** What came of it: the rules in force afterwards, and whether they came in force now. */
export interface PutRules {
  inForce: RulesInForce
  isPut: boolean
}

/** The lock of migrations: there is one change of the whole graph at a time. */
const takeLockStatement = cypher`
  MERGE (m:Migration {number: 0})
  SET m.lock = true
`

/** A clock that is behind the one of the change before must not hide this one. */
const writeChangeStatement = cypher`
  OPTIONAL MATCH (newest:Change {id: $newest})
  USING INDEX SEEK newest:Change(id)
  CREATE (c:Change {id: $id, kind: $kind, by: $by, payload: $payload})
  SET c.at = CASE WHEN newest IS NULL OR newest.at < $at THEN $at ELSE newest.at + duration({nanoseconds: 1}) END
`

/** Puts rules in force where others, or none, are; the nodes follow as they are merged, or swept. */
export async function putRules(
  graph: Graph,
  { rules, by }: { rules: IdentityRules; by: string },
): Promise<PutRules> {
  return await putWhere(graph, { rules, by, isWanted: (inForce) => inForce?.key !== toRulesKey(rules) })
}

/** Puts rules in force where there are none yet: the first worker on a graph does. */
export async function putFirstRules(
  graph: Graph,
  { rules, by }: { rules: IdentityRules; by: string },
): Promise<PutRules> {
  return await putWhere(graph, { rules, by, isWanted: (inForce) => inForce === undefined })
}

async function putWhere(
  graph: Graph,
  {
    rules,
    by,
    isWanted,
  }: { rules: IdentityRules; by: string; isWanted: (inForce: RulesInForce | undefined) => boolean },
): Promise<PutRules> {
  return await graph.inWrite(async (tx) => {
    await tx.run(takeLockStatement)
    const before = await findRules(tx, createRuleBook())
    if (before !== undefined && !isWanted(before)) return { inForce: before, isPut: false }
    await writeChange(tx, { rules, by, before })
    const inForce = await findRules(tx, createRuleBook())
    if (inForce === undefined) throw new Error('the rules that were put in force are not found')
    return { inForce, isPut: true }
  })
}

async function writeChange(
  tx: GraphTransaction,
  { rules, by, before }: { rules: IdentityRules; by: string; before: RulesInForce | undefined },
): Promise<void> {
  await tx.run(writeChangeStatement, {
    id: randomUUID(),
    kind: IDENTITY_RULES,
    by,
    payload: toCanonicalJson(rules),
    newest: before?.change.id ?? '',
    at: toDateTime(instantOf(Date.now())),
  })
}
