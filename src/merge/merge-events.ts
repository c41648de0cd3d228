import type { Graph } from '../graph/connection.ts'
import { emptyFacts } from '../project/facts.ts'
import { projectEvent, type ProjectOptions, type ReceivedEvent } from '../project/project-event.ts'
import { mergeFacts } from './merge-facts.ts'
import type { RuleBook } from './rules-in-force.ts'

export interface MergeOptions extends ProjectOptions {
  /** Kept from batch to batch, so that the identity rules are read once. */
  ruleBook?: RuleBook
}

/**
 * Merges a batch of events: all of them or none. Nothing is written before the last of them was taken.
 * @throws what Neo4j throws; `isPassingTrouble` tells what may be tried again
 */
export async function mergeEvents(
  graph: Graph,
  events: Iterable<ReceivedEvent>,
  { ruleBook, ...options }: MergeOptions,
): Promise<void> {
  const facts = emptyFacts()
  for (const event of events) projectEvent(facts, event, options)
  await mergeFacts(graph, facts, ruleBook)
}
