import { setTimeout as pause } from 'node:timers/promises'
import { startDriver } from '../drive/start-driver.mjs'
import { watchStack } from '../watch/watch-stack.mjs'
import { followGraph } from './follow-graph.mjs'
import { toQuantiles } from './summary.mjs'

const connectionsDefault = 32
/** An event that was answered with 503, because it took too long, may be queued all the same, a little later. */
const lateMsMax = 3000

/**
 * Sends a file of events to a stack, waits until all of them are in the graph, and tells what that took. `load` is an order to the
 * driver, see start-driver.mjs; with `mayRefuse` events that are refused are told.
 * @throws where an event was not accepted, or an accepted one does not arrive
 */
export async function measureLoad(stack, load) {
  const { graph, queue, stopSignal } = stack
  const before = await graph.countEvents()
  const driver = await startDriver(
    { connections: connectionsDefault, ...load, port: stack.port },
    { stopSignal, onSample: (sample) => follower.addSample(sample) },
  )
  const watch = watchStack(await stack.readPids())
  const follower = followGraph({ graph, queue, before, isTimed: load.sampleEvery !== undefined, stopSignal })
  try {
    const sent = await driver.go()
    if (sent.accepted < driver.requests && load.mayRefuse !== true)
      throw new Error(`${sent.accepted} of ${driver.requests} events were accepted; ${sent.firstRefusal}`)
    if (sent.accepted < driver.requests) await pause(lateMsMax, undefined, { signal: stopSignal })
    const arrived = await follower.untilArrived(sent.accepted)
    return toRecord({ load, sent, arrived, watched: watch.end(sent.cpuMs) })
  } finally {
    watch.stop()
    follower.stop()
    driver.end()
  }
}

function toRecord({ load, sent, arrived, watched }) {
  const events = sent.accepted
  const drainedMs = arrived.drainedAtMs - sent.startedAtMs
  const toEach = (ms) => ms / events
  const cpuMs = Object.fromEntries(Object.entries(watched.cpuMs).map(([role, ms]) => [role, toEach(ms)]))
  return {
    events,
    sendMs: sent.sendMs,
    drainedMs,
    acceptedPerSecond: toPerSecond(events, sent.sendMs),
    drainedPerSecond: toPerSecond(events, drainedMs),
    statuses: sent.statuses,
    refused: sent.answered - events,
    firstRefusal: sent.firstRefusal,
    latencyMs: sent.latencyMs,
    largeLatencyMs: sent.largeLatencyMs,
    visibleMs: toQuantiles(arrived.visibleMs),
    cpuMs: { ...cpuMs, all: Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0) },
    driverCpuMs: toEach(sent.cpuMs),
    rssMb: watched.rssMb,
    foreignPercent: watched.foreignPercent,
    stealPercent: watched.stealPercent,
    ...(load.timelineEveryMs !== undefined && toProgress({ sent, arrived })),
  }
}

/** What was answered and what was in the graph by when, and how fast the rest went in after the last answer. */
export function toProgress({ sent, arrived }) {
  const sentAtMs = sent.startedAtMs + sent.sendMs
  const mergedThen = arrived.arrivals.findLast(([atMs]) => atMs <= sentAtMs)?.[1] ?? 0
  const waiting = sent.accepted - mergedThen
  return {
    timeline: {
      accepted: sent.timeline.map(([ms, count]) => [ms / 1000, count]),
      merged: arrived.arrivals.map(([atMs, count]) => [(atMs - sent.startedAtMs) / 1000, count]),
    },
    afterSending: { waiting, drainedPerSecond: toPerSecond(waiting, arrived.drainedAtMs - sentAtMs) },
  }
}

function toPerSecond(count, ms) {
  return (count * 1000) / Math.max(1, ms)
}
