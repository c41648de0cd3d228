import { checkGraph } from '../measure/check-graph.mjs'
import { measureDrain } from '../measure/measure-drain.mjs'
import { measureLoad } from '../measure/measure-load.mjs'
import { toMedian } from '../measure/summary.mjs'
import { warmUp } from '../measure/warm-up.mjs'
import { expectWarehouse, writeWarehouse } from '../measure/warehouse-load.mjs'
import { toText } from '../report/numbers.mjs'
import { toRatePlot } from '../report/scenario-plots.mjs'
import { toShareTable, toShares } from '../report/share-table.mjs'

const workerCounts = [1, 2, 4]
const jobsFull = 1000
const jobsMin = 100
const runsPerLoad = 4
const prefix = 'workers-'

/** More worker processes on the same full queue: how much faster it is emptied, and who then takes the CPU. */
export const workers = {
  name: 'workers',
  about: 'one, two and four workers empty a queue of 8,000 events of known jobs',
  async run(bench) {
    const jobs = bench.toSize(jobsFull, jobsMin)
    return await bench.withStack(async (stack) => {
      await warmUp(stack, bench)
      let runsDone = 0
      const write = (runsPerJob) => {
        const load = writeWarehouse(bench.dir, { jobs, runsPerJob, firstRun: runsDone, prefix })
        runsDone += runsPerJob
        return load
      }
      await measureLoad(stack, write(1))
      const groups = []
      for (const count of workerCounts) {
        while (stack.countSmallWorkers() < count) await stack.addWorker()
        const records = []
        // The first load only warms the new workers.
        for (let run = 0; run <= bench.runs; run += 1) {
          const load = write(runsPerLoad)
          bench.say(
            `workers, ${count} of them, ${run === 0 ? 'warming' : `run ${run}`}: ${load.events} events.`,
          )
          const record = await measureDrain(stack, load)
          if (run > 0) records.push(record)
          bench.remove(load.file)
        }
        groups.push({ count, records })
      }
      return {
        groups,
        records: groups.flatMap(({ records }) => records),
        checks: await checkGraph(stack, expectWarehouse({ jobs, runsPerJob: runsDone, prefix })),
      }
    })
  },
  bars: [
    {
      name: 'workers: two against one, or Neo4j is what is short',
      unit: '×',
      least: 1.6,
      read: ({ groups }) => toSpeedUp(groups, 2),
      note: ({ groups }) => describeShare(groups.find(({ count }) => count === 2)),
    },
  ],
  describe({ groups }) {
    return { tables: [toShareTable(groups)], plots: [toRatePlot('workers', groups)] }
  },
}

/** The rate of so many workers against that of one. */
export function toSpeedUp(groups, count) {
  const toRate = (wanted) =>
    toMedian(groups.find((group) => group.count === wanted).records.map((record) => record.drainedPerSecond))
  return toRate(count) / toRate(1)
}

function describeShare({ records }) {
  const shares = records.map((record) => toShares(record))
  const neo4j = toText(toMedian(shares.map((share) => share.neo4j)))
  const busy = toText(toMedian(shares.map((share) => share.ofMachine)))
  return `Neo4j took ${neo4j} % of the CPU, all together ${busy} % of the processors`
}
