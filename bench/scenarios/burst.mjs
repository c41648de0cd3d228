import { checkGraph } from '../measure/check-graph.mjs'
import { measureIdle } from '../measure/measure-idle.mjs'
import { measureLoad } from '../measure/measure-load.mjs'
import { toMedian } from '../measure/summary.mjs'
import { warmUp } from '../measure/warm-up.mjs'
import { expectWarehouse, writeWarehouse } from '../measure/warehouse-load.mjs'
import { toBurstTable } from '../report/burst-table.mjs'
import { toLoadTable } from '../report/load-table.mjs'
import { toProgressPlot } from '../report/scenario-plots.mjs'

const jobsFull = 1000
/** Of each job, with two events a run: in a burst, and in the steady load that it is held beside. */
const burstRuns = 5
const steadyRuns = 2
/** On the hour everybody comes at once. */
const connections = 256
const idleSecondsFull = 20
const idleSecondsMin = 4
const timelineEveryMs = 200
const prefix = 'burst-'

/** On the hour: nothing, then all at once, then nothing. What is answered first is merged later. */
export const burst = {
  name: 'burst',
  about: '10,000 events of known jobs at once on 256 connections, then nothing; beside it the steady rate',
  async run(bench) {
    const jobs = bench.toSize(jobsFull)
    return await bench.withStack(async (stack) => {
      await warmUp(stack, bench)
      let firstRun = 0
      const measure = async (runsPerJob, order) => {
        const load = writeWarehouse(bench.dir, { jobs, runsPerJob, firstRun, prefix })
        firstRun += runsPerJob
        const record = await measureLoad(stack, { file: load.file, ...order })
        bench.remove(load.file)
        return record
      }
      await measure(1)
      const found = { records: [], steady: [], idle: [] }
      for (let run = 1; run <= bench.runs; run += 1) {
        bench.say(`burst, run ${run}: ${jobs * 2 * burstRuns} events at once.`)
        found.steady.push(await measure(steadyRuns))
        found.records.push(await measure(burstRuns, { connections, timelineEveryMs, mayRefuse: true }))
        found.idle.push(await measureIdle(stack, bench.toSize(idleSecondsFull, idleSecondsMin)))
      }
      const expect = expectWarehouse({ jobs, runsPerJob: firstRun, prefix })
      return { ...found, checks: await checkGraph(stack, expect) }
    })
  },
  bars: [
    {
      name: 'burst: events that were not answered with 201',
      unit: 'events',
      most: 0,
      read: ({ records }) => Math.max(...records.map(({ refused }) => refused)),
    },
    {
      name: 'burst: drained after the last answer, against the steady rate',
      unit: '×',
      least: 0.9,
      read: (found) => toMedian(toDrainRatios(found)),
    },
  ],
  describe({ records, steady, idle }) {
    return {
      tables: [
        toBurstTable({ records, steady, idle, ratios: toDrainRatios({ records, steady }) }),
        toLoadTable('Bursts', records),
        toLoadTable('Steady, beside them', steady),
      ],
      plots: [toProgressPlot('burst', records[0])],
    }
  },
}

/** How fast what waited went into the graph after the last answer, against the steady load of the same minutes; a number a run. */
export function toDrainRatios({ records, steady }) {
  return records.map(
    ({ afterSending }, index) => afterSending.drainedPerSecond / steady[index].drainedPerSecond,
  )
}
