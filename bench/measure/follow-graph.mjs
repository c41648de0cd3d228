import { setTimeout as pause } from 'node:timers/promises'

const lookEveryMs = 100
/** Where the time into the graph is measured, it is too long by no more than this. */
const lookForSamplesEveryMs = 40
const lookForEndEveryMs = 10
const stallMsMax = 120_000

/**
 * Looks into the graph while events arrive: how many were there by when, when the sampled ones were, and when all were and nothing was queued
 * any more.
 * @throws where nothing arrives any more before all are there
 */
export function followGraph({ graph, queue, before, isTimed, stopSignal }) {
  const samples = new Map()
  const visibleMs = []
  const arrivals = []
  let wanted = Infinity
  const stopping = new AbortController()
  const signal = AbortSignal.any([stopSignal, stopping.signal])
  const found = follow()
  // It is awaited later; a failure meanwhile is told then.
  found.catch(() => undefined)
  return {
    addSample: ({ id, acceptedAtMs }) => samples.set(id, acceptedAtMs),
    stop: () => stopping.abort(),
    /** Resolves once `events` more than before are there. */
    async untilArrived(events) {
      wanted = events
      return await found
    },
  }

  async function follow() {
    let arrived = -1
    let movedAt = performance.now()
    while (arrived < wanted || samples.size > 0) {
      signal.throwIfAborted()
      const count = (await graph.countEvents()) - before
      if (count !== arrived) movedAt = performance.now()
      arrived = count
      arrivals.push([toEpochMs(), arrived])
      if (samples.size > 0) await findSamples()
      if (arrived >= wanted && samples.size === 0) break
      if (wanted !== Infinity && performance.now() - movedAt > stallMsMax)
        throw new Error(`${arrived} of ${wanted} events are in the graph, and no more arrive.`)
      await pause(isTimed ? lookForSamplesEveryMs : lookEveryMs)
    }
    await untilSettled()
    return { drainedAtMs: toEpochMs(), arrivals, visibleMs }
  }

  /** Neo4j counts the nodes of a transaction before it has applied all of it; a job leaves the queue after that. */
  async function untilSettled() {
    while ((await queue.countJobs()) > 0) {
      signal.throwIfAborted()
      await pause(lookForEndEveryMs)
    }
  }

  async function findSamples() {
    const ids = await graph.findEvents([...samples.keys()])
    const atMs = toEpochMs()
    for (const id of ids) {
      visibleMs.push(atMs - samples.get(id))
      samples.delete(id)
    }
  }
}

function toEpochMs() {
  return performance.timeOrigin + performance.now()
}
