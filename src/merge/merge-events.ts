import type { Graph } from '../graph/connection.ts'
import { emptyFacts, type Facts } from '../project/facts.ts'
import { projectEvent, type ProjectOptions, type ReceivedEvent } from '../project/project-event.ts'
import { mergeFacts } from './merge-facts.ts'
import type { RuleBook } from './rules-in-force.ts'

export interface MergeOptions extends ProjectOptions {
  /** Kept from batch to batch, so that the identity rules are read once. */
  ruleBook?: RuleBook
}

/** Longest that events are projected without letting others in between, in milliseconds: such as a merge that hears from Neo4j. */
const sliceMsMax = 4

/**
 * Merges a batch of events: all of them or none. Nothing is written before the last of them was taken.
 * @throws what Neo4j throws; `isPassingTrouble` tells what may be tried again
 */
export async function mergeEvents(
  graph: Graph,
  events: Iterable<ReceivedEvent>,
  { ruleBook, ...options }: MergeOptions,
): Promise<void> {
  await mergeFacts(graph, await projectEvents(events, options), ruleBook)
}

/** What a batch of events says. It is worked out a few events at a time, so that a batch can be made ready while another is merged. */
export async function projectEvents(
  events: Iterable<ReceivedEvent>,
  options: ProjectOptions,
): Promise<Facts> {
  const facts = emptyFacts()
  let sliceEndsAt = performance.now() + sliceMsMax
  for (const event of events) {
    projectEvent(facts, event, options)
    if (performance.now() < sliceEndsAt) continue
    await new Promise(setImmediate)
    sliceEndsAt = performance.now() + sliceMsMax
  }
  return facts
}
