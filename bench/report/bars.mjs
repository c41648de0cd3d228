import { toMedian } from '../measure/summary.mjs'
import { toText } from './numbers.mjs'

const unmeasured = 'not measured'

/**
 * The bars a collector is held to. `read` takes what the scenarios found, by their names, and gives the value that counts; undefined
 * where the scenario did not run. `aim` is what is hoped for beyond.
 */
const bars = [
  {
    scenario: 'steady',
    name: 'steady, warm: CPU an event',
    unit: 'ms',
    most: 1.8,
    aim: 1.2,
    read: medianCpu,
  },
  {
    scenario: 'cold',
    name: 'cold structures, warm JVM: CPU an event',
    unit: 'ms',
    most: 6,
    aim: 3,
    read: medianCpu,
  },
  {
    scenario: 'steady',
    name: 'steady: drained, driver on the same machine',
    unit: 'events/s',
    least: 800,
    aim: 1500,
    read: ({ records }) => toMedian(records.map(({ drainedPerSecond }) => drainedPerSecond)),
  },
  {
    scenario: 'steady',
    name: 'steady: answer at 32 connections, p50',
    unit: 'ms',
    most: 40,
    read: ({ records }) => toMedian(records.map(({ latencyMs }) => latencyMs.p50)),
  },
  {
    scenario: 'steady',
    name: 'steady: answer at 32 connections, p99',
    unit: 'ms',
    most: 150,
    read: ({ records }) => toMedian(records.map(({ latencyMs }) => latencyMs.p99)),
  },
  {
    scenario: 'steady',
    name: 'accepted to visible at half the drained rate, p99',
    unit: 'ms',
    most: 1000,
    read: ({ paced }) => paced.visibleMs?.p99,
  },
  {
    scenario: 'steady',
    name: 'memory, receiver, most',
    unit: 'MiB',
    most: 250,
    read: ({ records }) => mostRss(records, 'receiver'),
  },
  {
    scenario: 'steady',
    name: 'memory, worker, most',
    unit: 'MiB',
    most: 250,
    read: ({ records }) => mostRss(records, 'worker'),
  },
  {
    scenario: 'steady',
    name: 'memory is flat: most in the last run against the first, receiver',
    unit: '×',
    most: 1.2,
    read: ({ records }) => rssGrowth(records, 'receiver'),
  },
  {
    scenario: 'steady',
    name: 'memory is flat: most in the last run against the first, worker',
    unit: '×',
    most: 1.2,
    read: ({ records }) => rssGrowth(records, 'worker'),
  },
]

/** Each bar with what was measured, and whether it is met. */
export function toBarRows(results, all = bars) {
  return all.map(({ scenario, name, unit, most, least, aim, read }) => {
    const found = results[scenario]
    const value = found === undefined ? undefined : read(found, results)
    return {
      name,
      wanted: `${most === undefined ? `≥ ${least}` : `≤ ${most}`} ${unit}${aim === undefined ? '' : ` (aim ${aim})`}`,
      found: value === undefined ? unmeasured : `${toText(value)} ${unit}`,
      verdict: toVerdict(value, { most, least }),
    }
  })
}

function toVerdict(value, { most = Infinity, least = -Infinity }) {
  if (value === undefined || Number.isNaN(value)) return unmeasured
  return value <= most && value >= least ? 'met' : 'not met'
}

function medianCpu({ records }) {
  return toMedian(records.map(({ cpuMs }) => cpuMs.all))
}

function mostRss(records, role) {
  return Math.max(...records.flatMap(({ rssMb }) => rssMb[role]))
}

function rssGrowth(records, role) {
  if (records.length < 2) return undefined
  return Math.max(...records.at(-1).rssMb[role]) / Math.max(...records[0].rssMb[role])
}
