import type { RemovedCounts } from './retain.ts'

/** What is heard of retention and of the reaper, for whoever counts. */
export interface RetentionNotes {
  removed(counts: RemovedCounts): void
  /** One turn has come to its end, or failed. */
  turnEnded(turn: { name: 'retention' | 'reaper'; isDone: boolean }): void
  presumedLost(runs: number): void
}
