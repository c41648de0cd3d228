import type { Graph } from '../../src/graph/connection.ts'
import { defaultRules, toOrderedRules, type IdentityRules } from '../../src/identity/rules.ts'
import { putRules } from '../../src/merge/put-rules.ts'
import type { RulesInForce } from '../../src/merge/rules-in-force.ts'
import { dumpGraph } from './graph-dump.ts'

/** Puts rules in force: the default ones, but for these. */
export async function putSomeRules(graph: Graph, some: Partial<IdentityRules> = {}): Promise<RulesInForce> {
  const rules = toOrderedRules({ ...defaultRules, ...some })
  return (await putRules(graph, { rules, by: 'test' })).inForce
}

/** The dump without what people have changed, and when. */
export async function dumpBesideChanges(graph: Graph): Promise<string[]> {
  return (await dumpGraph(graph)).filter((line) => !line.startsWith('(Change '))
}
