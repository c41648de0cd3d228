import { toSummary } from '../measure/summary.mjs'
import { toText } from './numbers.mjs'

const roles = ['receiver', 'worker', 'redis', 'neo4j']

/**
 * CPU an event of several series of records side by side: medians by process, and the least, the median and the largest of all. `series` has
 * the records by what they are.
 */
export function toCpuTable(title, series) {
  const rows = Object.entries(series).map(([name, records]) => {
    const events = [...new Set(records.map((record) => record.events))].join(' or ')
    const [all, ...parts] = ['all', ...roles].map((role) =>
      toSummary(records.map(({ cpuMs }) => cpuMs[role])),
    )
    return [
      name,
      events,
      ...parts.map(({ median }) => toText(median)),
      `**${toText(all.median)}**`,
      `${toText(all.min)} to ${toText(all.max)}`,
    ]
  })
  return {
    title: `${title}, ms`,
    columns: [
      '',
      'events each',
      'receiver',
      'worker',
      'Redis',
      'Neo4j',
      'all four, median',
      'all four, range',
    ],
    rows,
  }
}
