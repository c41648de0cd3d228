import type { EntityKey } from '../openlineage/keys.ts'
import type { DerivedWork } from '../project/derive-run.ts'
import type { RunChange } from './run-changes.ts'

/** What a run adds to one job, before and after the batch. A run that moved to another job changes both. */
export interface WorkChange {
  job: EntityKey
  runId: string
  before: DerivedWork | undefined
  after: DerivedWork | undefined
}

/** The changes in what runs add to their jobs; runs that add what they added before, at the same times, are left out. */
export function toWorkChanges(changes: readonly RunChange[]): WorkChange[] {
  return changes.flatMap(({ runId, before: { work: before }, after: { work: after } }) => {
    if (before !== undefined && after !== undefined && before.job !== after.job) {
      return [
        { job: before.job, runId, before, after: undefined },
        { job: after.job, runId, before: undefined, after },
      ]
    }
    const job = after?.job ?? before?.job
    if (job === undefined || JSON.stringify(before) === JSON.stringify(after)) return []
    return [{ job, runId, before, after }]
  })
}
