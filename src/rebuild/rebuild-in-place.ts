import { setTimeout as pause } from 'node:timers/promises'
import { awaitOpenTransactions } from '../graph/await-open.ts'
import type { Graph } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { patiently } from '../graph/patiently.ts'
import { fromDateTime } from '../graph/values.ts'
import type { LogPosition } from '../log/logged-event.ts'
import { toInstantOf } from '../openlineage/point-in-time.ts'
import type { Instant } from '../openlineage/time.ts'
import type { LaneControl } from '../queue/lane-control.ts'
import { emptyGraph } from './empty-graph.ts'
import { RebuildRefused, takeMark, type RebuildMark } from './rebuild-mark.ts'

const lookEveryMs = 250
const sayEveryMs = 10_000

export interface InPlaceRebuild {
  graph: Graph
  lanes: LaneControl
  /** Begins anew where an interrupted rebuild could be gone on with. */
  startOver: boolean
  /** Merges what events have said that are not in the log any more. */
  mergeCheckpoint: () => Promise<void>
  /** Merges the log's events of before that time, from a position on. */
  replay: (part: {
    after: LogPosition | undefined
    before: Instant | undefined
    merged: number
    onMerged: (position: LogPosition, merged: number) => Promise<void>
  }) => Promise<void>
  say: (line: string) => void
  signal: AbortSignal
}

/**
 * Makes the graph anew from its log while events keep coming: the workers rest until it is empty, then the log is merged beside
 * them. Interrupted, it goes on where it was when it is started again; the mark in the graph tells.
 * @throws {RebuildRefused} where another rebuild has this graph
 */
export async function rebuildInPlace(rebuild: InPlaceRebuild): Promise<void> {
  const { graph, lanes, mergeCheckpoint, replay, startOver, say } = rebuild
  const mark = await takeMark(graph, { phase: 'PAUSING', source: undefined, say })
  try {
    if (mark.state.source !== undefined) throw toForeign(mark.state.source)
    const canGoOn = mark.state.phase === 'MERGING' && !startOver
    if (mark.isFound) say(toFoundSentence(mark, canGoOn))
    if (!canGoOn) await empty(mark, rebuild)
    // Also after a crash between the end of the wipe and this line.
    await lanes.resume()
    say('The workers go on; the log is merged beside them.')
    const { position: after, before, merged } = mark.state
    const onMerged = async (position: LogPosition, more: number) =>
      await mark.set({ position, merged: mark.state.merged + more })
    if (after === undefined) await mergeCheckpoint()
    await replay({ after, before, merged, onMerged })
    await mark.remove()
  } catch (error) {
    await leave(mark, { error, rebuild })
    throw error
  }
}

function toForeign(source: string): RebuildRefused {
  return new RebuildRefused(
    `This graph is being filled from ${source}, or that was interrupted: go on with headwater rebuild --to this Neo4j, with the settings of ${source}.`,
  )
}

function toFoundSentence({ state: { phase, merged } }: RebuildMark, canGoOn: boolean): string {
  if (canGoOn) return `An interrupted rebuild is gone on with: ${merged} events were merged.`
  return phase === 'WIPING'
    ? 'An interrupted rebuild had not emptied the graph: that is done first.'
    : 'An interrupted rebuild begins anew.'
}

async function empty(mark: RebuildMark, { graph, lanes, say, signal }: InPlaceRebuild): Promise<void> {
  say('The workers are paused; receivers go on taking events.')
  await lanes.pause()
  await awaitIdle({ lanes, say, signal })
  await mark.set({ phase: 'WIPING', position: undefined, merged: 0, before: undefined })
  // Who began before does not know of it; who begins now refuses to merge.
  await awaitOpenTransactions(graph, signal)
  say('The graph is being emptied, but for its log.')
  const onLeft = (left: string) => say(`Left: ${left}.`)
  await emptyGraph(graph, { signal, confirm: () => mark.set({}), onLeft })
  await mark.set({ phase: 'MERGING', before: await findEnd(graph) })
}

async function awaitIdle({
  lanes,
  say,
  signal,
}: Pick<InPlaceRebuild, 'lanes' | 'say' | 'signal'>): Promise<void> {
  let saidAt = Date.now()
  for (;;) {
    const held = await lanes.countHeld()
    if (held === 0) return
    if (Date.now() - saidAt >= sayEveryMs) {
      saidAt = Date.now()
      say(`Waiting for ${held} jobs of the queue that workers still hold.`)
    }
    await pause(lookEveryMs, undefined, { signal })
  }
}

const findNewestStatement = cypher`
  MATCH (e:Event)
  USING INDEX e:Event(eventTime)
  WHERE e.eventTime IS NOT NULL
  RETURN e.eventTime AS newest
  ORDER BY e.eventTime DESC LIMIT 1
`

/** Behind the last second of the log: events that come later are merged by the workers. */
async function findEnd(graph: Graph): Promise<Instant | undefined> {
  const [row] = await patiently(() => graph.inRead((tx) => tx.run(findNewestStatement)))
  const newest = fromDateTime(row?.['newest'])
  if (newest === undefined) return undefined
  return toInstantOf(Date.parse(`${newest.slice(0, 19)}Z`) + 1000)
}

/** While the graph is half empty the workers rest; in every other phase they can go on, and the next rebuild can. */
async function leave(
  mark: RebuildMark,
  { error, rebuild: { lanes, say } }: { error: unknown; rebuild: InPlaceRebuild },
): Promise<void> {
  if (error instanceof RebuildRefused) {
    await mark.release().catch(() => undefined)
    return
  }
  if (mark.state.phase === 'WIPING') {
    await mark.release().catch(() => undefined)
    say(
      'The graph is half empty and the workers are paused: run headwater rebuild again, it goes on from here.',
    )
    return
  }
  await lanes
    .resume()
    .catch(() => say('The workers may still be paused: run headwater rebuild --resume-queue.'))
  if (mark.state.phase === 'PAUSING') {
    await mark.remove().catch(() => undefined)
    say('Nothing was changed.')
    return
  }
  await mark.release().catch(() => undefined)
  say(
    'The graph is not whole: run headwater rebuild again, it goes on from here. New events are merged meanwhile.',
  )
}
