import { startDriver } from '../drive/start-driver.mjs'
import { watchStack } from '../watch/watch-stack.mjs'
import { followGraph } from './follow-graph.mjs'

const connections = 32

/**
 * Fills the queue while the workers wait, then lets them go and measures until it is empty: what workers, Redis and Neo4j do with the whole
 * machine, with neither a receiver nor a driver beside them.
 * @throws where an event was not accepted, or does not arrive
 */
export async function measureDrain(stack, { file }) {
  const { graph, queue, port, stopSignal } = stack
  const before = await graph.countEvents()
  await queue.pause()
  const events = await sendAll({ file, port, connections }, stopSignal)
  const watch = watchStack(await stack.readPids())
  const follower = followGraph({ graph, queue, before, isTimed: false, stopSignal })
  try {
    await queue.resume()
    await follower.untilArrived(events)
    const { ms, cpuMs, processMs, foreignPercent, stealPercent } = watch.end(0)
    return {
      events,
      ms,
      drainedPerSecond: (events * 1000) / ms,
      cpuMs,
      processMs,
      foreignPercent,
      stealPercent,
    }
  } finally {
    watch.stop()
    follower.stop()
  }
}

async function sendAll(order, stopSignal) {
  const driver = await startDriver(order, { stopSignal })
  try {
    const { accepted, firstRefusal } = await driver.go()
    if (accepted < driver.requests)
      throw new Error(`${accepted} of ${driver.requests} events were accepted; ${firstRefusal}`)
    return accepted
  } finally {
    driver.end()
  }
}
