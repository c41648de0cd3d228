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

/** Sends so many events a second for so long, and watches memory; `beside` is done meanwhile. */
export async function sendPaced(stack, { dir, name, perSecond, seconds, beside = async () => undefined }) {
  const count = Math.ceil(perSecond * seconds)
  const runsPerJob = Math.ceil(count / (jobs * eventsOfRun))
  const { file } = writeWarehouse(dir, { jobs, runsPerJob, prefix: `${name}-` })
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

/** How many events a second come into the graph, while the queue holds enough. */
export async function measureDrained(stack, { dir, events, seconds }) {
  const { file } = writeWarehouse(dir, { jobs, runsPerJob: Math.ceil(events / jobs), prefix: 'drained-' })
  const order = { file, port: stack.port, connections: 1, count: events, perSecond: events }
  const driver = await startDriver(order, { stopSignal: stack.stopSignal })
  await driver.go()
  const [before, startedAt] = [await stack.graph.countEvents(), performance.now()]
  await sleep(seconds * 1000)
  const merged = (await stack.graph.countEvents()) - before
  if ((await stack.queue.countJobs()) === 0)
    throw new Error(`${merged} events were merged in ${seconds} s: too many for a worker that is slow.`)
  return (merged * 1000) / (performance.now() - startedAt)
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
