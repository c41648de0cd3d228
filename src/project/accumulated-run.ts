import type { EventType } from '../openlineage/events.ts'
import type { EntityKey, EntityName } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import { earliestOf, latestOf, newerOf, strongerOf, type Claim, type Clock, type Register } from './clock.ts'
import { toRecord } from './to-record.ts'

/**
 * All that a run has said so far, over all its events (rule 2 of the graph model). It is joined, never replaced: joining is
 * commutative, associative and idempotent, so that order, repeats and batches do not matter. What the graph shows of a run is
 * derived from it (`derive-run.ts`). It stands on the Run node as text (`encode-run.ts`).
 */
export interface AccumulatedRun {
  job?: Claim<EntityName> | undefined
  parent?: Claim<string> | undefined
  root?: Claim<string> | undefined
  /** Earliest and latest event of the run itself; absent while only others have spoken of it. */
  first?: Instant | undefined
  last?: Instant | undefined
  start?: Instant | undefined
  ends: { COMPLETE?: Instant | undefined; ABORT?: Instant | undefined; FAIL?: Instant | undefined }
  /** The newest event type, OTHER left out. */
  newest?: Register<EventType> | undefined
  processingType?: Register<string> | undefined
  /** Fingerprint of the SQL, version or content key of the source code. */
  sql?: Register<string> | undefined
  source?: Claim<string> | undefined
  /** Keys of the entries of explicit lineage, over all events; absent while there are none. */
  lineage?: Record<string, true> | undefined
  user?: Claim<string> | undefined
  error?: Claim<string> | undefined
  /** What others forward of it as their parent or root: it fills the gaps of what the run says itself. */
  forwarded?: ForwardedRun | undefined
  inputs: Record<EntityKey, AccumulatedInput>
  outputs: Record<EntityKey, AccumulatedOutput>
}

export type ForwardedRun = Pick<AccumulatedRun, 'processingType' | 'user' | 'error'>

export interface AccumulatedInput {
  at: Instant
  /** When each version was first named as read. */
  versions: Record<string, Clock>
  /** Key of a SchemaVersion; null where the newest word is that there is none. */
  schema?: Register<string | null> | undefined
  /** The input facets: content keys, or the text of those that have no property of their own. */
  facets: Record<string, Register<string>>
}

export interface AccumulatedOutput {
  at: Instant
  version?: Register<string | null> | undefined
  /** Keys of a SchemaVersion and a ColumnLineage; null where the newest word is that there is none. */
  schema?: Register<string | null> | undefined
  columnLineage?: Register<string | null> | undefined
  /** A lifecycle change in the producer's word, and for a RENAME the dataset's name before. */
  change?: Register<string | null> | undefined
  renamedFrom?: Register<EntityKey> | undefined
  /** The output facets, likewise. */
  facets: Record<string, Register<string>>
}

export function emptyRun(): AccumulatedRun {
  return { ends: {}, inputs: {}, outputs: {} }
}

/** What both have said, together. Neither is changed. */
export function joinRuns(a: AccumulatedRun, b: AccumulatedRun): AccumulatedRun {
  const own = {
    processingType: newerOf(a.processingType, b.processingType),
    user: strongerOf(a.user, b.user),
    error: strongerOf(a.error, b.error),
  }
  // Written out: of objects that begin with a spread V8 makes a hidden class each, which took half of the time.
  return {
    processingType: own.processingType,
    user: own.user,
    error: own.error,
    job: strongerOf(a.job, b.job),
    parent: strongerOf(a.parent, b.parent),
    root: strongerOf(a.root, b.root),
    first: earliestOf(a.first, b.first),
    last: latestOf(a.last, b.last),
    start: earliestOf(a.start, b.start),
    ends: {
      COMPLETE: latestOf(a.ends.COMPLETE, b.ends.COMPLETE),
      ABORT: latestOf(a.ends.ABORT, b.ends.ABORT),
      FAIL: latestOf(a.ends.FAIL, b.ends.FAIL),
    },
    newest: newerOf(a.newest, b.newest),
    sql: newerOf(a.sql, b.sql),
    source: strongerOf(a.source, b.source),
    lineage: joinSets(a.lineage, b.lineage),
    forwarded: toGaps(joinForwarded(a.forwarded, b.forwarded), own),
    inputs: joinEach(a.inputs, b.inputs, joinInputs),
    outputs: joinEach(a.outputs, b.outputs, joinOutputs),
  }
}

function joinForwarded(a: ForwardedRun | undefined, b: ForwardedRun | undefined): ForwardedRun | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return {
    processingType: newerOf(a.processingType, b.processingType),
    user: strongerOf(a.user, b.user),
    error: strongerOf(a.error, b.error),
  }
}

/** What is forwarded and not said by the run itself: the rest is dropped, so that it does not grow with every child. */
function toGaps(forwarded: ForwardedRun | undefined, own: ForwardedRun): ForwardedRun | undefined {
  if (forwarded === undefined) return undefined
  const gaps = {
    processingType: own.processingType === undefined ? forwarded.processingType : undefined,
    user: own.user === undefined ? forwarded.user : undefined,
    error: own.error === undefined ? forwarded.error : undefined,
  }
  return Object.values(gaps).some((claim) => claim !== undefined) ? gaps : undefined
}

function joinInputs(a: AccumulatedInput, b: AccumulatedInput): AccumulatedInput {
  return {
    at: a.at < b.at ? a.at : b.at,
    versions: joinEach(a.versions, b.versions, (x, y) => (x < y ? x : y)),
    schema: newerOf(a.schema, b.schema),
    facets: joinEach(a.facets, b.facets, newestOf),
  }
}

function joinOutputs(a: AccumulatedOutput, b: AccumulatedOutput): AccumulatedOutput {
  return {
    at: a.at < b.at ? a.at : b.at,
    version: newerOf(a.version, b.version),
    schema: newerOf(a.schema, b.schema),
    columnLineage: newerOf(a.columnLineage, b.columnLineage),
    change: newerOf(a.change, b.change),
    renamedFrom: newerOf(a.renamedFrom, b.renamedFrom),
    facets: joinEach(a.facets, b.facets, newestOf),
  }
}

function joinSets(
  a: Record<string, true> | undefined,
  b: Record<string, true> | undefined,
): Record<string, true> | undefined {
  return a === undefined || b === undefined ? (a ?? b) : { ...a, ...b }
}

function newestOf(a: Register<string>, b: Register<string>): Register<string> {
  return newerOf(a, b) ?? a
}

function joinEach<T>(a: Record<string, T>, b: Record<string, T>, join: (x: T, y: T) => T): Record<string, T> {
  const present = Object.entries(a)
  if (present.length === 0) return b
  const added = Object.entries(b)
  if (added.length === 0) return a
  const joined = toRecord(present)
  for (const [key, value] of added) {
    const before = joined[key]
    joined[key] = before === undefined ? value : join(before, value)
  }
  return joined
}
