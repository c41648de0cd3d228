import { setTimeout as sleep } from 'node:timers/promises'
import { startDriver } from '../../bench/drive/start-driver.mjs'
import { writeWarehouse } from '../../bench/measure/warehouse-load.mjs'
import { watchStack } from '../../bench/watch/watch-stack.mjs'

const jobs = 100
const eventsOfRun = 2
const connections = 64
const drainMsMax = 300_000
const lookEveryMs = 500
const idsOfQuestion = 1000

/**
 * Sends so many events a second for so long, and watches memory; `beside` is done meanwhile. They are of runs of the same jobs each time,
 * from `load.firstRun` on, so that after the first load there is nothing but runs that is new.
 */
export async function sendPaced(stack, { load, perSecond, seconds, beside = async () => undefined }) {
  const count = Math.ceil(perSecond * seconds)
  const runsPerJob = Math.ceil(count / (jobs * eventsOfRun))
  const { file } = writeWarehouse(load.dir, {
    jobs,
    runsPerJob,
    firstRun: load.firstRun,
    prefix: 'overload-',
  })
  load.firstRun += runsPerJob
  const accepted = []
  const order = { file, port: stack.port, connections, count, perSecond, sampleEvery: 1 }
  const driver = await startDriver(order, {
    stopSignal: stack.stopSignal,
    onSample: ({ id }) => accepted.push(id),
  })
  const watch = watchStack(await stack.readPids())
  const [result, found] = await Promise.all([driver.go(), beside()])
  const { rssMb, foreignPercent } = watch.end(result.cpuMs)
  return { ...result, perSecond, seconds, accepted, rssMb, foreignPercent, beside: found }
}

/** How many events a second come into the graph while more are sent than can be. */
export async function measureDrained(stack, { load, perSecond, seconds, settleSeconds }) {
  const measure = async () => {
    await sleep(settleSeconds * 1000)
    const [before, startedAt] = [await stack.graph.countEvents(), performance.now()]
    await sleep((seconds - settleSeconds) * 1000)
    const merged = (await stack.graph.countEvents()) - before
    return (merged * 1000) / (performance.now() - startedAt)
  }
  const phase = await sendPaced(stack, { load, perSecond, seconds, beside: measure })
  if (phase.statuses[503] === undefined)
    throw new Error(`The slowed worker has merged all of ${perSecond} events a second: that is not slow.`)
  return phase.beside
}

/** Waits until nothing is in the queue. */
export async function untilDrained(stack) {
  const endAt = Date.now() + drainMsMax
  while ((await stack.queue.countJobs()) > 0) {
    if (Date.now() > endAt) throw new Error(`The queue was not empty after ${drainMsMax / 1000} s.`)
    await sleep(lookEveryMs)
  }
}

/** How many events of these ids the graph lacks. */
export async function countMissingEvents(stack, ids) {
  return await countMissing(ids, (some) => stack.graph.findEvents(some))
}

/** How many runs of these ids the graph lacks. */
export async function countMissingRuns(stack, runIds) {
  return await countMissing(runIds, async (some) => {
    const statement = 'UNWIND $some AS id MATCH (r:Run {runId: id}) WHERE r.state IS NOT NULL RETURN id'
    return await stack.graph.ask(statement, { some })
  })
}

async function countMissing(ids, find) {
  let missing = 0
  for (let start = 0; start < ids.length; start += idsOfQuestion) {
    const some = ids.slice(start, start + idsOfQuestion)
    missing += some.length - (await find(some)).length
  }
  return missing
}
