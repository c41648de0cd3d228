import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { followGraph } from './follow-graph.mjs'

const run = promisify(execFile)
const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/**
 * Takes a file of events into a stack with `headwater import`, hundreds in a request, and waits until all are in the graph: the fastest way in
 * that goes through the real merge. Nothing is measured.
 * @throws where an event was refused, or does not arrive
 */
export async function importEvents(stack, { file, events, dir }) {
  const { graph, queue, port, stopSignal } = stack
  const before = await graph.countEvents()
  const follower = followGraph({ graph, queue, before, isTimed: false, stopSignal })
  try {
    const args = [program, 'import', file, '--again', '--notes-dir', dir, '--url', `http://127.0.0.1:${port}`]
    await run(process.execPath, args, { signal: stopSignal })
    await follower.untilArrived(events)
  } finally {
    follower.stop()
  }
}
