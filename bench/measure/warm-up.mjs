import { measureLoad } from './measure-load.mjs'
import { writeWarehouse } from './warehouse-load.mjs'

/** A JVM that has just started takes several times the CPU for the same statements. */
const warmJobs = 1000
const warmJobsMin = 60
const warmRuns = 15

/** Merges structures and runs of a warehouse of its own, so that what is measured afterwards is not the JVM's first minute. */
export async function warmUp(stack, { dir, toSize, remove, say }) {
  const jobs = toSize(warmJobs, warmJobsMin)
  const { file, events } = writeWarehouse(dir, { jobs, runsPerJob: warmRuns, prefix: 'warm-up-' })
  say(`Warming up with ${events} events.`)
  const record = await measureLoad(stack, { file })
  remove(file)
  return record
}
