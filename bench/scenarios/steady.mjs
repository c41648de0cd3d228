import { measureLimits } from '../limits/measure-limits.mjs'
import { checkGraph } from '../measure/check-graph.mjs'
import { measureLoad } from '../measure/measure-load.mjs'
import { toMedian } from '../measure/summary.mjs'
import { warmUp } from '../measure/warm-up.mjs'
import { expectWarehouse, writeWarehouse } from '../measure/warehouse-load.mjs'
import { medianCpu, mostRss, rssGrowth } from '../report/bar-values.mjs'
import { toLoadTable } from '../report/load-table.mjs'
import { toCpuPlot, toLimitPlot } from '../report/scenario-plots.mjs'
import { toLimitTable } from '../report/limit-table.mjs'

const jobsFull = 1000
const runsPerLoad = 5
const pacedSeconds = 20
const pacedSecondsMin = 4
/** One in so many events is timed on its way into the graph. */
const sampleEvery = 20
const prefix = 'steady-'

/** The same jobs, later runs: what a collector does all day. The limits of the machine are measured after them. */
export const steady = {
  name: 'steady',
  about: 'known jobs run again, on a warm JVM; the limits; accepted to visible',
  async run(bench) {
    return await bench.withStack(async (stack) => {
      const jobs = bench.toSize(jobsFull)
      await warmUp(stack, bench)
      const known = writeWarehouse(bench.dir, { jobs, runsPerJob: 1, prefix })
      await measureLoad(stack, known)
      const { records, files } = await measureRuns(stack, bench, jobs)
      const paced = await measurePaced(stack, bench, { jobs, records })
      const limits = await measureLimitsOf(stack, bench, files)
      const runsPerJob = 1 + bench.runs * runsPerLoad + paced.runsPerJob
      return {
        records,
        paced: paced.record,
        limits,
        checks: await checkGraph(stack, expectWarehouse({ jobs, runsPerJob, prefix })),
      }
    })
  },
  bars: [
    {
      name: 'steady, warm: CPU an event',
      unit: 'ms',
      most: 1.8,
      aim: 1.2,
      read: ({ records }) => medianCpu(records),
    },
    {
      name: 'steady: drained, driver on the same machine',
      unit: 'events/s',
      least: 800,
      aim: 1500,
      read: ({ records }) => toMedian(records.map(({ drainedPerSecond }) => drainedPerSecond)),
    },
    {
      name: 'steady: answer at 32 connections, p50',
      unit: 'ms',
      most: 40,
      read: ({ records }) => toMedian(records.map(({ latencyMs }) => latencyMs.p50)),
    },
    {
      name: 'steady: answer at 32 connections, p99',
      unit: 'ms',
      most: 150,
      read: ({ records }) => toMedian(records.map(({ latencyMs }) => latencyMs.p99)),
    },
    {
      name: 'accepted to visible at half the drained rate, p99',
      unit: 'ms',
      most: 1000,
      read: ({ paced }) => paced.visibleMs?.p99,
    },
    {
      name: 'memory, receiver, most',
      unit: 'MiB',
      most: 250,
      read: ({ records }) => mostRss(records, 'receiver'),
    },
    {
      name: 'memory, worker, most',
      unit: 'MiB',
      most: 250,
      read: ({ records }) => mostRss(records, 'worker'),
    },
    {
      name: 'memory is flat: most in the last run against the first, receiver',
      unit: '×',
      most: 1.2,
      read: ({ records }) => rssGrowth(records, 'receiver'),
    },
    {
      name: 'memory is flat: most in the last run against the first, worker',
      unit: '×',
      most: 1.2,
      read: ({ records }) => rssGrowth(records, 'worker'),
    },
  ],
  describe({ records, paced, limits }) {
    return {
      tables: [
        toLoadTable('Closed loop, 32 connections', records),
        toLoadTable('Paced, at half the drained rate', [paced]),
        toLimitTable(records, limits),
      ],
      plots: [toCpuPlot('steady', records), toLimitPlot(records, limits)],
    }
  },
}

async function measureRuns(stack, bench, jobs) {
  const records = []
  const files = []
  for (let run = 0; run < bench.runs; run += 1) {
    const firstRun = 1 + run * runsPerLoad
    const load = writeWarehouse(bench.dir, { jobs, runsPerJob: runsPerLoad, firstRun, prefix })
    bench.say(`steady, run ${run + 1}: ${load.events} events.`)
    records.push(await measureLoad(stack, load))
    files.push(load.file)
  }
  return { records, files }
}

/** Last: Neo4j's makes constraints and drops them, and with each all statements are planned anew. */
async function measureLimitsOf(stack, bench, files) {
  const limits = []
  for (const file of files) {
    limits.push(await measureLimits(stack, { file }))
    bench.remove(file)
  }
  return limits
}

/** Under a load that leaves the collector half of its time, how long an accepted event takes into the graph. */
async function measurePaced(stack, bench, { jobs, records }) {
  const perSecond = toMedian(records.map(({ drainedPerSecond }) => drainedPerSecond)) / 2
  const firstRun = 1 + bench.runs * runsPerLoad
  const runsPerJob = Math.max(
    1,
    Math.round((perSecond * bench.toSize(pacedSeconds, pacedSecondsMin)) / (jobs * 2)),
  )
  const load = writeWarehouse(bench.dir, { jobs, runsPerJob, firstRun, prefix })
  bench.say(`steady, paced: ${load.events} events at ${Math.round(perSecond)}/s.`)
  const record = await measureLoad(stack, { ...load, perSecond, sampleEvery })
  bench.remove(load.file)
  return { record: { ...record, perSecond }, runsPerJob }
}
