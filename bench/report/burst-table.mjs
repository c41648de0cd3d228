import { sumOf } from '../sum-of.mjs'
import { toSummary } from '../measure/summary.mjs'
import { toText } from './numbers.mjs'

/** What makes a burst a burst, and what remains of it. */
export function toBurstTable({ records, steady, idle, ratios }) {
  const lines = [
    ['events in a burst', 'events', records.map(({ events, refused }) => events + refused)],
    ['answered within', 's', records.map(({ sendMs }) => sendMs / 1000)],
    ['not answered with 201', 'events', records.map(({ refused }) => refused)],
    ['waiting at the last answer', 'events', records.map(({ afterSending }) => afterSending.waiting)],
    ['all in the graph after', 's', records.map(({ drainedMs }) => drainedMs / 1000)],
    [
      'drained after the last answer',
      'events/s',
      records.map(({ afterSending }) => afterSending.drainedPerSecond),
    ],
    ['steady rate beside it', 'events/s', steady.map(({ drainedPerSecond }) => drainedPerSecond)],
    ['drained against steady', '×', ratios],
    [
      'idle afterwards, CPU of all four',
      '% of one processor',
      idle.map(({ cpuPercent }) => sumOf(Object.values(cpuPercent), (percent) => percent)),
    ],
    ...['receiver', 'worker'].map((role) => [
      `idle afterwards, memory, ${role}`,
      'MiB',
      idle.map(({ rssMb }) => rssMb[role].at(-1)),
    ]),
  ]
  return {
    title: `The burst and what follows: ${records.length} runs`,
    columns: ['measure', 'unit', 'min', 'median', 'max'],
    rows: lines.map(([name, unit, values]) => {
      const { min, median, max } = toSummary(values)
      return [name, unit, toText(min), toText(median), toText(max)]
    }),
  }
}
