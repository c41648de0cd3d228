import type { FaultKind } from './fault.ts'
import type { QueuedEvent } from './queued-event.ts'

/** One try to merge a batch. */
export interface TriedBatch {
  /** `passing`: it met trouble that passes, and is tried again. `lasting`: parts of it are tried, or its events are given up. */
  outcome: 'merged' | 'passing' | 'lasting'
  events: number
  seconds: number
  /** Whether passing trouble had ended a try before. */
  isRetry: boolean
}

/** Hears of batches on their way into the graph. */
export interface MergeNotes {
  batchTried(batch: TriedBatch): void
  /** They are in the graph now. */
  eventsMerged(events: readonly QueuedEvent[]): void
}

/** Hears of what a worker does, for whoever counts it. */
export interface WorkerNotes extends MergeNotes {
  deadLetterMade(kind: FaultKind): void
}
