/** Something that changed upstream of a run, and how much it may have to do with it. */
export interface FoundChange {
  kind: ChangeKind
  /** The id of what changed. */
  of: string
  /** Steps from the run; what is its own is 0. */
  distance: number
  /** In a sentence. */
  reason: string
  /** When it happened or was first seen. */
  at?: string
  /** The run that shows it. */
  run?: string
  before?: unknown
  after?: unknown
  /** The greater, the likelier a cause. */
  score: number
}

export type ChangeKind =
  | 'CODE'
  | 'SCHEMA'
  | 'FAILED'
  | 'LATE'
  | 'UNFINISHED'
  | 'ROW_COUNT'
  | 'MISSING_INPUT'
  | 'NEW_INPUT'
  | 'NOT_UPDATED'

/** How likely a change of its kind breaks what follows, before distance counts. From experience, not from measurement. */
export const weights = {
  missingInput: 95,
  failed: 90,
  columnsGone: 85,
  unfinished: 80,
  rowsGone: 75,
  code: 70,
  late: 65,
  rowsOdd: 55,
  notUpdated: 45,
  recovered: 40,
  newInput: 40,
  columnsAdded: 35,
} as const

/** What each step away from the run takes off. */
const stepWeight = 6

/** A change with its score: the nearer the likelier. */
export function toChange(change: Omit<FoundChange, 'score'>, weight: number): FoundChange {
  return { ...change, score: Math.max(weight - change.distance * stepWeight, 1) }
}

/** The likeliest causes first; of equal ones the nearer, then the later. */
export function ranked(changes: readonly FoundChange[]): FoundChange[] {
  return changes.toSorted(
    (a, b) => b.score - a.score || a.distance - b.distance || ((a.at ?? '') < (b.at ?? '') ? 1 : -1),
  )
}

/** The middle of numbers; undefined for none. */
export function median(numbers: readonly number[]): number | undefined {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}
