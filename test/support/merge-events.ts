import type { Graph } from '../../src/graph/connection.ts'
import { mergeFacts } from '../../src/merge/merge-facts.ts'
import type { RuleBook } from '../../src/merge/rules-in-force.ts'
import type { ProjectOptions, ReceivedEvent } from '../../src/project/project-event.ts'
import { projectEvents } from '../../src/project/project-events.ts'

/** Merges a batch of events that nobody has queued: all of them or none. */
export async function mergeEvents(
  graph: Graph,
  events: Iterable<ReceivedEvent>,
  { ruleBook, ...options }: ProjectOptions & { ruleBook?: RuleBook },
): Promise<void> {
  await mergeFacts(graph, await projectEvents(events, options), ruleBook)
}
