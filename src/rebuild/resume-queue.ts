import type { Graph } from '../graph/connection.ts'
import type { LaneControl } from '../queue/lane-control.ts'
import { readMark, RebuildRefused, takeMark } from './rebuild-mark.ts'

/**
 * Lets the workers go on after a rebuild was interrupted.
 * @throws {RebuildRefused} where they must not: a rebuild runs, or the graph is half empty
 */
export async function resumeQueue({
  graph,
  lanes,
  say,
}: {
  graph: Graph
  lanes: LaneControl
  say: (line: string) => void
}): Promise<void> {
  const mark = await readMark(graph)
  if (mark?.isHeld === true)
    throw new RebuildRefused('A rebuild is running; it lets the workers go on itself.')
  if (mark?.phase === 'WIPING') {
    throw new RebuildRefused(
      'The graph is half empty, so the workers stay paused: run headwater rebuild, which empties it, lets them go on and merges the log.',
    )
  }
  const paused = await lanes.paused()
  await lanes.resume()
  say(paused.length === 0 ? 'The workers were not paused.' : 'The workers go on.')
  // It had not begun to delete anything.
  if (mark?.phase === 'PAUSING' && mark.source === undefined) {
    await (await takeMark(graph, { phase: 'PAUSING', source: undefined, say })).remove()
  }
  if (mark?.phase === 'MERGING')
    say('The graph is not whole: headwater rebuild goes on with its interrupted rebuild.')
}
