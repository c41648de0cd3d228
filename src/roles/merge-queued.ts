import type { Graph } from '../graph/connection.ts'
import { mergeEvents } from '../merge/merge-events.ts'
import { createRuleBook } from '../merge/rules-in-force.ts'
import { createContentMemos } from '../project/saying.ts'
import type { QueuedEvent } from '../queue/queued-event.ts'
import { openEvents } from './open-event.ts'

export interface MergeSettings {
  facetBytesMax: number
  /** Undefined where the time of the events is beyond doubt. */
  eventAheadHoursMax: number | undefined
}

/**
 * What a worker does with a batch of queued events, and a rebuild with a batch of its log: opens and merges them, all or none.
 * `into` is this graph as somebody looks at it who follows the batch. It throws EventRejected, naming the events that cannot be opened, and what Neo4j throws.
 */
export function createMerge(
  graph: Graph,
  { facetBytesMax, eventAheadHoursMax }: MergeSettings,
): (queued: readonly QueuedEvent[], into?: Graph) => Promise<void> {
  const kept = { memos: createContentMemos(), ruleBook: createRuleBook() }
  return async (queued, into = graph) => {
    await mergeEvents(into, openEvents(queued, { eventAheadHoursMax }), { facetBytesMax, ...kept })
  }
}
