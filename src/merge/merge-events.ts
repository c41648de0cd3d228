import type { Graph } from '../graph/connection.ts'
import { emptyFacts } from '../project/facts.ts'
import { projectEvent, type ProjectOptions, type ReceivedEvent } from '../project/project-event.ts'
import { mergeFacts } from './merge-facts.ts'

/**
 * Merges a batch of events: all of them or none.
 * @throws what Neo4j throws; `isPassingTrouble` tells what may be tried again
 */
export async function mergeEvents(
  graph: Graph,
  events: readonly ReceivedEvent[],
  options: ProjectOptions,
): Promise<void> {
  const facts = emptyFacts()
  for (const event of events) projectEvent(facts, event, options)
  await mergeFacts(graph, facts)
}
