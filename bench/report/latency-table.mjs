import { toSummary } from '../measure/summary.mjs'
import { toText } from './numbers.mjs'

const columns = ['', 'answer, p50', 'p99', 'slowest', 'accepted to visible, p50', 'p99', 'slowest']

/** How long small events took in several series of records, in ms: the median of the runs. `series` has the records by what they are. */
export function toLatencyTable(title, series) {
  const rows = Object.entries(series).map(([name, records]) => [
    name,
    ...['latencyMs', 'visibleMs'].flatMap((measure) =>
      ['p50', 'p99', 'max'].map((point) =>
        toText(toSummary(records.map((record) => record[measure]?.[point]))?.median),
      ),
    ),
  ])
  return { title: `${title}, ms`, columns, rows }
}
