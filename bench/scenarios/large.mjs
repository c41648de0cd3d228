import { expectLarge, largeTexts, mixTexts } from '../generate/large.mjs'
import { checkGraph } from '../measure/check-graph.mjs'
import { writeEventFile } from '../measure/event-file.mjs'
import { measureLoad } from '../measure/measure-load.mjs'
import { warmUp } from '../measure/warm-up.mjs'
import { expectWarehouse, toWarehouseTexts, writeWarehouse } from '../measure/warehouse-load.mjs'
import { toLatencyTable } from '../report/latency-table.mjs'
import { toLoadTable } from '../report/load-table.mjs'
import { toLatencyPlot } from '../report/scenario-plots.mjs'

/** Below BODY_BYTES_MAX as it is by default. */
export const largeEventBytes = 25_000_000
const largeEventsFull = 8
const largeEventsMin = 2
const jobsFull = 500
/** Of each job, with two events a run. */
const smallRuns = 2
/** One in so many small events is timed on its way into the graph. */
const sampleEvery = 10
const prefix = 'large-small-'

/**
 * A few events of 25 MB among small ones, all paced at half of what the collector drains: what the large ones cost those that come at the same
 * time, and how much memory they take.
 */
export const large = {
  name: 'large',
  about:
    '8 events of 25 MB among 2,000 small ones, paced at half the drained rate, against the small ones alone',
  async run(bench) {
    const sizes = {
      jobs: bench.toSize(jobsFull),
      events: bench.toSize(largeEventsFull, largeEventsMin),
    }
    return await bench.withStack(async (stack) => {
      const work = { stack, bench, sizes }
      await warmUp(stack, bench)
      await measureSmall(work, { firstRun: 0, runsPerJob: 1 })
      const { drainedPerSecond } = await measureSmall(work, { firstRun: 1, runsPerJob: smallRuns })
      const pace = { perSecond: drainedPerSecond / 2, sampleEvery }
      // The first large event makes the receiver and the worker grow, and is not what the others cost.
      const warm = await measureMixed(work, { firstRun: 1 + smallRuns, largePrefix: 'large-warm-', pace })
      const found = { alone: [], records: [], perSecond: pace.perSecond, checks: [...warm.checks] }
      let firstRun = 1 + 2 * smallRuns
      for (let run = 1; run <= bench.runs; run += 1) {
        bench.say(`large, run ${run}: ${sizes.events} events of ${largeEventBytes} bytes among small ones.`)
        found.alone.push(await measureSmall(work, { firstRun, runsPerJob: smallRuns }, pace))
        const largePrefix = `large-${run}-`
        const mixed = await measureMixed(work, { firstRun: firstRun + smallRuns, largePrefix, pace })
        found.records.push(mixed.record)
        found.checks.push(...mixed.checks)
        firstRun += 2 * smallRuns
      }
      const expect = expectWarehouse({ jobs: sizes.jobs, runsPerJob: firstRun, prefix })
      return { ...found, checks: [...found.checks, ...(await checkGraph(stack, expect))] }
    })
  },
  bars: [
    {
      name: 'large: events that were not answered with 201',
      unit: 'events',
      most: 0,
      read: ({ records }) => Math.max(...records.map(({ refused }) => refused)),
      note: ({ records }) => records.find(({ refused }) => refused > 0)?.firstRefusal ?? 'small and large',
    },
  ],
  describe({ alone, records, perSecond }) {
    const series = { 'small ones alone': alone, 'beside large ones': records }
    return {
      tables: [
        toLatencyTable(`Small events at ${Math.round(perSecond)} a second`, series),
        toLoadTable('Large events among small ones', records),
        toLoadTable('Small ones alone', alone),
      ],
      plots: [toLatencyPlot('large', series)],
    }
  },
}

async function measureSmall({ stack, bench, sizes: { jobs } }, runs, order) {
  const { file } = writeWarehouse(bench.dir, { jobs, prefix, ...runs })
  const record = await measureLoad(stack, { file, ...order })
  bench.remove(file)
  return record
}

async function measureMixed({ stack, bench, sizes: { jobs, events } }, { firstRun, largePrefix, pace }) {
  const small = toWarehouseTexts({ jobs, runsPerJob: smallRuns, firstRun, prefix })
  const mixed = mixTexts(small, largeTexts({ prefix: largePrefix, events, bytes: largeEventBytes }), {
    every: Math.floor((jobs * smallRuns * 2) / events),
  })
  const { file } = writeEventFile(bench.dir, `${largePrefix}mixed`, mixed)
  const record = await measureLoad(stack, { file, ...pace, mayRefuse: true })
  bench.remove(file)
  return { record, checks: await checkGraph(stack, expectLarge({ prefix: largePrefix, events })) }
}
