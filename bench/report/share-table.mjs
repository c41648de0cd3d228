import { availableParallelism } from 'node:os'
import { sumOf } from '../sum-of.mjs'
import { toMedian, toSummary } from '../measure/summary.mjs'
import { toText } from './numbers.mjs'

/** In the order in which a stack starts its workers: the second one is for large events, and has nothing to do. */
const largeWorkerIndex = 1

/** Who took the CPU of a load, in per cent: of all that ours took, and ours of all processors. */
export function toShares({ ms, cpuMs, processMs }, processors = availableParallelism()) {
  const all = sumOf(Object.values(cpuMs), (each) => each)
  const toPercent = (part) => (100 * part) / all
  return {
    receiver: toPercent(cpuMs.receiver),
    workers: processMs.worker.filter((_, index) => index !== largeWorkerIndex).map(toPercent),
    redis: toPercent(cpuMs.redis),
    neo4j: toPercent(cpuMs.neo4j),
    ofMachine: (100 * all) / (ms * processors),
  }
}

/** Rates and shares by number of workers; shares are medians of the runs. */
export function toShareTable(groups) {
  const [{ records: ofOne }] = groups
  const rateOfOne = toMedian(ofOne.map(({ drainedPerSecond }) => drainedPerSecond))
  const rows = groups.map(({ count, records }) => {
    const rate = toSummary(records.map(({ drainedPerSecond }) => drainedPerSecond))
    const shares = records.map((record) => toShares(record))
    const toShare = (read) => toText(toMedian(shares.map(read)))
    const workers = Array.from({ length: count }, (_, index) => toShare((share) => share.workers[index]))
    return [
      count,
      `${toText(rate.min)} / ${toText(rate.median)} / ${toText(rate.max)}`,
      toText(rate.median / rateOfOne),
      workers.join(' + '),
      toShare(({ receiver }) => receiver),
      toShare(({ redis }) => redis),
      `**${toShare(({ neo4j }) => neo4j)}**`,
      toShare(({ ofMachine }) => ofMachine),
      toText(toMedian(records.map(({ foreignPercent }) => foreignPercent))),
    ]
  })
  return {
    title: `A full queue emptied, ${ofOne.length} runs each: rates, and who took how much of the CPU`,
    columns: [
      'workers',
      'events/s, min / median / max',
      'against one, ×',
      'workers, %',
      'receiver, %',
      'Redis, %',
      'Neo4j, %',
      'ours, % of all processors',
      'foreign, % of all processors',
    ],
    rows,
  }
}
