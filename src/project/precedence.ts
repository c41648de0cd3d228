import type { EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import { earliestOf, newerOf, type Clock } from './clock.ts'
import type { Facts } from './facts.ts'

export interface PrecedenceFact {
  from: EntityKey
  to: EntityKey
  source: PrecedenceSource
  first: Instant
  /** The DAG within which it holds, if any. */
  dag: EntityKey | undefined
}

/** Who says that a job precedes another, the weakest first: of several, the strongest is shown. */
export const precedenceSources = ['JOB_DEPENDENCIES', 'AIRFLOW_TASK', 'AIRFLOW_DAG'] as const
export type PrecedenceSource = (typeof precedenceSources)[number]

export function addPrecedence(facts: Facts, key: string, said: PrecedenceFact): void {
  const present = facts.precedences.get(key)
  if (present === undefined) {
    facts.precedences.set(key, said)
    return
  }
  present.source = strongerSource(present.source, said.source)
  present.first = said.first < present.first ? said.first : present.first
  // Any choice will do, as long as every order makes the same.
  present.dag = earliestOf(present.dag, said.dag)
}

export function addControlFlow(facts: Facts, dag: EntityKey, said: { clock: Clock; value: string[] }): void {
  const newest = newerOf(facts.controlFlows.get(dag), said)
  if (newest !== undefined) facts.controlFlows.set(dag, newest)
}

export function strongerSource(a: PrecedenceSource, b: PrecedenceSource): PrecedenceSource {
  return precedenceSources.indexOf(b) > precedenceSources.indexOf(a) ? b : a
}
