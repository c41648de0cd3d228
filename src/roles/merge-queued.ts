import type { Graph } from '../graph/connection.ts'
import { mergeFacts } from '../merge/merge-facts.ts'
import { createRuleBook } from '../merge/rules-in-force.ts'
import type { Facts } from '../project/facts.ts'
import { projectEvents } from '../project/project-events.ts'
import { createContentMemos } from '../project/saying.ts'
import type { QueuedEvent } from '../queue/queued-event.ts'
import { openEvents } from './open-event.ts'

export interface MergeSettings {
  facetBytesMax: number
  /** Undefined where the time of the events is beyond doubt. */
  eventAheadHoursMax: number | undefined
}

/** What a worker does with a batch of queued events, and a rebuild with a batch of its log. */
export interface QueuedMerge {
  /**
   * Opens and merges events, all or none. `into` is this graph as somebody looks at it who follows the batch.
   * @throws {EventRejected} naming the events that cannot be opened; and what Neo4j throws
   */
  merge: (queued: readonly QueuedEvent[], into?: Graph) => Promise<void>
  /** Opens a batch that is to be merged soon, which `merge` then finds ready. */
  prepare: (queued: readonly QueuedEvent[]) => void
}

export function createMerge(graph: Graph, { facetBytesMax, eventAheadHoursMax }: MergeSettings): QueuedMerge {
  const ruleBook = createRuleBook()
  const options = { facetBytesMax, memos: createContentMemos() }
  const prepared = new WeakMap<readonly QueuedEvent[], Promise<Facts>>()
  const open = async (queued: readonly QueuedEvent[]) =>
    await projectEvents(openEvents(queued, { eventAheadHoursMax }), options)

  return {
    async merge(queued, into = graph) {
      const facts = await (prepared.get(queued) ?? open(queued))
      await mergeFacts(into, facts, ruleBook)
    },
    prepare(queued) {
      const facts = open(queued)
      prepared.set(queued, facts)
      // Whoever merges the batch hears of it.
      facts.catch(() => {})
    },
  }
}
