import { toMedian } from '../measure/summary.mjs'

/** CPU an event of all four processes, the median of the runs. */
export function medianCpu(records) {
  return toMedian(records.map(({ cpuMs }) => cpuMs.all))
}

/** The most memory that a role held in any of the runs. */
export function mostRss(records, role) {
  return Math.max(...records.flatMap(({ rssMb }) => rssMb[role]))
}

/** The most memory of the last run against that of the first; undefined of one run. */
export function rssGrowth(records, role) {
  if (records.length < 2) return undefined
  return Math.max(...records.at(-1).rssMb[role]) / Math.max(...records[0].rssMb[role])
}
