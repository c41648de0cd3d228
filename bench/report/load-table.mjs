import { toSummary } from '../measure/summary.mjs'
import { toText } from './numbers.mjs'

/** What is told of every load: name, unit, and where it stands in a record. */
const lines = [
  ['CPU an event, receiver', 'ms', ({ cpuMs }) => cpuMs.receiver],
  ['CPU an event, worker', 'ms', ({ cpuMs }) => cpuMs.worker],
  ['CPU an event, Redis', 'ms', ({ cpuMs }) => cpuMs.redis],
  ['CPU an event, Neo4j', 'ms', ({ cpuMs }) => cpuMs.neo4j],
  ['**CPU an event, all four**', 'ms', ({ cpuMs }) => cpuMs.all],
  ['CPU an event, load driver (not among them)', 'ms', ({ driverCpuMs }) => driverCpuMs],
  ['accepted', 'events/s', ({ acceptedPerSecond }) => acceptedPerSecond],
  ['drained, from the first byte sent', 'events/s', ({ drainedPerSecond }) => drainedPerSecond],
  ['answer, p50', 'ms', ({ latencyMs }) => latencyMs?.p50],
  ['answer, p99', 'ms', ({ latencyMs }) => latencyMs?.p99],
  ['answer, slowest', 'ms', ({ latencyMs }) => latencyMs?.max],
  ['answer to an event above 1 MiB, p50', 'ms', ({ largeLatencyMs }) => largeLatencyMs?.p50],
  ['answer to an event above 1 MiB, slowest', 'ms', ({ largeLatencyMs }) => largeLatencyMs?.max],
  ['accepted to visible, p50', 'ms', ({ visibleMs }) => visibleMs?.p50],
  ['accepted to visible, p99', 'ms', ({ visibleMs }) => visibleMs?.p99],
  ['memory, receiver, most', 'MiB', ({ rssMb }) => Math.max(...rssMb.receiver)],
  ['memory, largest worker, most', 'MiB', ({ rssMb }) => Math.max(...rssMb.worker)],
  ['memory, Redis, most', 'MiB', ({ rssMb }) => Math.max(...rssMb.redis)],
  ['foreign load seen', '% of all processors', ({ foreignPercent }) => foreignPercent],
  ['taken by other machines (steal)', '% of all processors', ({ stealPercent }) => stealPercent],
]

/** The table of the runs of one load. */
export function toLoadTable(title, records) {
  const rows = lines.flatMap(([name, unit, read]) => {
    const summary = toSummary(records.map(read))
    if (summary === undefined) return []
    return [[name, unit, toText(summary.min), toText(summary.median), toText(summary.max)]]
  })
  const events = [...new Set(records.map((record) => record.events))].join(' or ')
  return {
    title: `${title}: ${records.length} runs of ${events} events`,
    columns: ['measure', 'unit', 'min', 'median', 'max'],
    rows,
  }
}
