import { toMedian } from '../measure/summary.mjs'
import { toBarPlot } from './bar-plot.mjs'
import { toLinePlot } from './line-plot.mjs'
import { limitNames } from './limit-table.mjs'

const roles = ['receiver', 'worker', 'redis', 'neo4j']

/** CPU time an event by process, a bar a run; `barNames` names the bars otherwise. */
export function toCpuPlot(name, records, barNames) {
  const bars = records.map(({ cpuMs }, index) => ({
    name: barNames?.[index] ?? `run ${index + 1}`,
    parts: roles.map((role) => cpuMs[role]),
  }))
  const title = `CPU time an event, ${name}`
  return { file: `${name}-cpu.svg`, title, svg: toBarPlot({ title, unit: 'ms', names: roles, bars }) }
}

/** Our rates beside the limits of the same minutes. */
export function toLimitPlot(records, limits) {
  const ours = [
    ['accepted', records.map(({ acceptedPerSecond }) => acceptedPerSecond)],
    ['drained', records.map(({ drainedPerSecond }) => drainedPerSecond)],
  ]
  const theirs = Object.keys(limitNames).map((name) => [
    `limit: ${name}`,
    limits.map((limit) => limit[name].perSecond),
  ])
  const bars = [...ours, ...theirs].map(([name, values]) => ({ name, parts: [toMedian(values)] }))
  const title = 'Events a second, medians, beside the limits'
  return {
    file: 'steady-limits.svg',
    title,
    svg: toBarPlot({ title, unit: 'events/s', names: ['events/s'], bars }),
  }
}

/** How many events were answered, and how many were in the graph, over the time of a load. */
export function toProgressPlot(name, { timeline }) {
  const title = `Events over time, ${name}`
  const lines = [
    { name: 'answered', points: timeline.accepted },
    { name: 'in the graph', points: timeline.merged },
  ]
  return {
    file: `${name}-progress.svg`,
    title,
    svg: toLinePlot({ title, unit: 'events', xUnit: 'seconds', lines }),
  }
}

/** How long it took until small events were answered and until they were in the graph, in several series of records, medians. */
export function toLatencyPlot(name, series) {
  const measures = { answer: 'latencyMs', visible: 'visibleMs' }
  const bars = Object.entries(series).flatMap(([title, records]) =>
    Object.entries(measures).map(([measure, place]) => ({
      name: `${measure}, ${title}`,
      parts: [toMedian(records.map((record) => record[place]?.p99)) ?? 0],
    })),
  )
  const title = `Small events, p99, ${name}`
  return {
    file: `${name}-latency.svg`,
    title,
    svg: toBarPlot({ title, unit: 'ms', names: ['ms'], bars }),
  }
}

/** Rates by number of workers, medians. */
export function toRatePlot(name, groups) {
  const bars = groups.map(({ count, records }) => ({
    name: `${count} worker${count === 1 ? '' : 's'}`,
    parts: [toMedian(records.map(({ drainedPerSecond }) => drainedPerSecond))],
  }))
  const title = 'Events a second out of a full queue, medians'
  return {
    file: `${name}-rates.svg`,
    title,
    svg: toBarPlot({ title, unit: 'events/s', names: ['events/s'], bars }),
  }
}
