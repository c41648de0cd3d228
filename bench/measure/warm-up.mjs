import { measureLoad } from './measure-load.mjs'
import { writeWarehouse } from './warehouse-load.mjs'

/*
 * A JVM that has just started takes several times the CPU for the same statements, and still a third more after 10,000 events: its
 * compiler goes on for a minute or two under load.
 */

/** The same jobs again and again. */
const ofKnown = { jobs: 1000, runs: 15 }
/** For what measures new structures: much of the load is new. */
const ofNew = { jobs: 5000, runs: 3 }
const jobsMin = 60

/** Merges structures and runs of a warehouse of its own, so that what is measured afterwards is not the JVM's first minutes. */
export async function warmUp(stack, { dir, toSize, remove, say }, { withNew = false } = {}) {
  const { jobs, runs } = withNew ? ofNew : ofKnown
  const load = { jobs: toSize(jobs, jobsMin), runsPerJob: runs, prefix: 'warm-up-' }
  const { file, events } = writeWarehouse(dir, load)
  say(`Warming up with ${events} events.`)
  const record = await measureLoad(stack, { file })
  remove(file)
  return record
}
