import { toMedian, toSummary } from '../measure/summary.mjs'
import { toText } from './numbers.mjs'

/** What the limits are of, and what of ours stands beside them. */
export const limitNames = {
  http: 'bare node:http and JSON.parse',
  bullmq: 'BullMQ, add and process, a job an event',
  neo4j: 'Neo4j, UNWIND of the run facts alone',
}

/** The limits, and our own rates as a part of them. */
export function toLimitTable(records, limits) {
  const ours = {
    http: toMedian(records.map(({ acceptedPerSecond }) => acceptedPerSecond)),
    bullmq: toMedian(records.map(({ drainedPerSecond }) => drainedPerSecond)),
    neo4j: toMedian(records.map(({ drainedPerSecond }) => drainedPerSecond)),
  }
  const rows = Object.entries(limitNames).map(([name, title]) => {
    const rate = toSummary(limits.map((limit) => limit[name].perSecond))
    const cpu = toSummary(limits.map((limit) => limit[name].cpuMs))
    const against = name === 'http' ? 'accepted' : 'drained'
    return [
      title,
      `${toText(rate.min)} / ${toText(rate.median)} / ${toText(rate.max)}`,
      `${toText(cpu.min)} / ${toText(cpu.median)} / ${toText(cpu.max)}`,
      `${against} ${toText(ours[name])}/s, ${toText(ours[name] / rate.median)} of it`,
    ]
  })
  return {
    title: 'Limits, measured beside each run',
    columns: ['limit', 'events/s, min / median / max', 'CPU ms an event, min / median / max', 'ours'],
    rows,
  }
}
