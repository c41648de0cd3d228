import type { Graph, GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { patiently } from '../graph/patiently.ts'
import { fromDateTimeText, toDateTime } from '../graph/values.ts'
import type { Instant } from '../openlineage/time.ts'
import { foldEvents, type ToFacts } from './fold-events.ts'
import { chooseRemovable, describeRuns, findOldRuns, type OldRun, type RunPosition } from './old-runs.ts'
import { countWithRuns, removeRuns } from './remove-runs.ts'

/** Runs and events looked at in one transaction. It holds their locks, and workers wait for those. */
const runsAtOnce = 50
const eventsAtOnce = 200

/** From when on things are kept; undefined where all are. */
export interface RetentionLimits {
  eventsBefore: Instant | undefined
  runsBefore: Instant | undefined
  /** Runs that only tell when a content or a schema began or ceased to hold go as well where they are older than this. */
  versionsBefore: Instant | undefined
}

/** What retention has removed, or would remove. */
export interface RemovedCounts {
  events: number
  runs: number
  datasetVersions: number
  testResults: number
}

export interface Retention {
  limits: RetentionLimits
  toFacts: ToFacts
  /** Within each transaction, before it changes anything. */
  confirm: (tx: GraphTransaction) => Promise<void>
  /** Hears of what each transaction has removed. */
  onRemoved: (removed: RemovedCounts) => void
  /** Hears of events that cannot be read, and therefore stay. */
  onUnreadable: (id: string) => void
  signal: AbortSignal
}

export function noneRemoved(): RemovedCounts {
  return { events: 0, runs: 0, datasetVersions: 0, testResults: 0 }
}

/** Adds what was removed more. */
export function addRemoved(counts: RemovedCounts, more: RemovedCounts): void {
  counts.events += more.events
  counts.runs += more.runs
  counts.datasetVersions += more.datasetVersions
  counts.testResults += more.testResults
}

/**
 * Removes what is older than the limits, in small transactions beside whoever merges. It may be interrupted and done again. What may be
 * removed later, as parents of runs that went, goes with the next time.
 */
export async function retain(graph: Graph, retention: Retention): Promise<void> {
  const { runsBefore, eventsBefore } = retention.limits
  if (runsBefore !== undefined) await retainRuns(graph, runsBefore, retention)
  if (eventsBefore !== undefined) await retainEvents(graph, eventsBefore, retention)
}

/** Each page of runs that may go loses its events first, so that no transaction has many of them. */
async function retainRuns(graph: Graph, before: Instant, retention: Retention): Promise<void> {
  const { confirm, limits, onRemoved } = retention
  for await (const runs of listOldRuns(graph, before, retention)) {
    const runIds = chooseRemovable(runs, new Set()).map(({ runId }) => runId)
    if (runIds.length === 0) continue
    await foldEventsOf(graph, runIds, retention)
    const removed = await patiently(() =>
      graph.inWrite(async (tx) => {
        await confirm(tx)
        return await removeRuns(tx, { runIds, bordersBefore: limits.versionsBefore })
      }),
    )
    onRemoved({ ...noneRemoved(), ...removed, runs: removed.runs.length })
  }
}

async function* listOldRuns(
  graph: Graph,
  before: Instant,
  { limits, signal }: Pick<Retention, 'limits' | 'signal'>,
): AsyncGenerator<OldRun[], void> {
  let from: RunPosition | undefined
  for (;;) {
    signal.throwIfAborted()
    const at = from
    const page = await patiently(() =>
      graph.inRead(async (tx) => {
        const found = await findOldRuns(tx, { before, from: at, limit: runsAtOnce })
        const runIds = found.map(({ runId }) => runId)
        return { found, runs: await describeRuns(tx, { runIds, bordersBefore: limits.versionsBefore }) }
      }),
    )
    const last = page.found.at(-1)
    if (last === undefined) return
    yield page.runs
    from = { startedAt: fromDateTimeText(last.startedAt) ?? before, runId: last.runId }
  }
}

const findEventsOfRunsStatement = cypher`
  UNWIND $runIds AS runId
  MATCH (r:Run {runId: runId})<-[:ABOUT]-(e:Event)
  USING INDEX SEEK r:Run(runId)
  WHERE NOT e.id IN $except
  RETURN e.id AS id LIMIT toInteger($limit)
`
const findOldEventsStatement = cypher`
  MATCH (e:Event)
  USING INDEX SEEK e:Event(eventTime)
  WHERE e.eventTime < $before AND NOT e.id IN $except
  RETURN e.id AS id LIMIT toInteger($limit)
`
const countOldEventsStatement = cypher`
  MATCH (e:Event)
  USING INDEX SEEK e:Event(eventTime)
  WHERE e.eventTime < $before
  RETURN count(*) AS events
`

async function foldEventsOf(graph: Graph, runIds: readonly string[], retention: Retention): Promise<void> {
  const except: string[] = []
  const find = async (tx: GraphTransaction) =>
    await tx.run(findEventsOfRunsStatement, { runIds, except, limit: eventsAtOnce })
  await foldFound(graph, { find, except, retention })
}

async function retainEvents(graph: Graph, before: Instant, retention: Retention): Promise<void> {
  const except: string[] = []
  const find = async (tx: GraphTransaction) =>
    await tx.run(findOldEventsStatement, { before: toDateTime(before), except, limit: eventsAtOnce })
  await foldFound(graph, { find, except, retention })
}

async function foldFound(
  graph: Graph,
  {
    find,
    except,
    retention: { confirm, toFacts, onRemoved, onUnreadable, signal },
  }: {
    find: (tx: GraphTransaction) => Promise<Record<string, unknown>[]>
    /** Those that cannot be read, which stay. */
    except: string[]
    retention: Retention
  },
): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const folded = await patiently(() =>
      graph.inWrite(async (tx) => {
        await confirm(tx)
        const ids = (await find(tx)).map(({ id }) => String(id))
        return ids.length === 0 ? undefined : await foldEvents(tx, { ids, toFacts })
      }),
    )
    if (folded === undefined) return
    onRemoved({ ...noneRemoved(), events: folded.removed })
    for (const id of folded.unreadable) onUnreadable(id)
    except.push(...folded.unreadable)
    // Events without a subject, which nothing of ours writes, would be found again and again.
    if (folded.removed + folded.unreadable.length === 0) return
  }
}

/** What would go. Events are counted once, whatever they go for. */
export async function previewRetention(
  graph: Graph,
  { limits, signal }: Pick<Retention, 'limits' | 'signal'>,
): Promise<RemovedCounts> {
  const counts = noneRemoved()
  const gone = new Set<string>()
  if (limits.runsBefore !== undefined) {
    for await (const runs of listOldRuns(graph, limits.runsBefore, { limits, signal })) {
      const runIds = chooseRemovable(runs, gone).map(({ runId }) => runId)
      for (const runId of runIds) gone.add(runId)
      const found = await patiently(() => graph.inRead((tx) => countWithRuns(tx, runIds)))
      counts.runs += runIds.length
      counts.datasetVersions += found.datasetVersions
      counts.testResults += found.testResults
      counts.events += found.events
    }
  }
  if (limits.eventsBefore === undefined) return counts
  return {
    ...counts,
    events: await countEvents(graph, limits.eventsBefore, { gone, counted: counts.events }),
  }
}

const countOldOfRunsStatement = cypher`
  UNWIND $runIds AS runId
  MATCH (r:Run {runId: runId})<-[:ABOUT]-(e:Event)
  USING INDEX SEEK r:Run(runId)
  WHERE e.eventTime < $before
  RETURN count(e) AS events
`

async function countEvents(
  graph: Graph,
  eventsBefore: Instant,
  { gone, counted }: { gone: ReadonlySet<string>; counted: number },
): Promise<number> {
  const before = toDateTime(eventsBefore)
  const [[all], [twice]] = await patiently(() =>
    graph.inRead(async (tx) => [
      await tx.run(countOldEventsStatement, { before }),
      await tx.run(countOldOfRunsStatement, { before, runIds: [...gone] }),
    ]),
  )
  return counted + Number(all?.['events'] ?? 0) - Number(twice?.['events'] ?? 0)
}
