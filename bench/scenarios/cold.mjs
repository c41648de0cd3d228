import { checkGraph } from '../measure/check-graph.mjs'
import { measureLoad } from '../measure/measure-load.mjs'
import { warmUp } from '../measure/warm-up.mjs'
import { expectWarehouse, writeWarehouse } from '../measure/warehouse-load.mjs'
import { medianCpu } from '../report/bar-values.mjs'
import { toLoadTable } from '../report/load-table.mjs'
import { toCpuPlot } from '../report/scenario-plots.mjs'

const jobsFull = 1000

/** Structures never seen: each run brings a warehouse of its own, one run of each of its jobs. */
export const cold = {
  name: 'cold',
  about: 'structures never seen: 1,000 jobs, one run each; once on a JVM just started, then on a warm one',
  async run(bench) {
    return await bench.withStack(async (stack) => {
      const first = await measureNew(stack, bench, 'cold-0-')
      await warmUp(stack, bench, { withNew: true })
      const records = []
      const checks = [...first.checks]
      for (let run = 1; run <= bench.runs; run += 1) {
        const found = await measureNew(stack, bench, `cold-${run}-`)
        records.push(found.record)
        checks.push(...found.checks)
      }
      return { records, first: first.record, checks }
    })
  },
  bars: [
    {
      name: 'cold structures, warm JVM: CPU an event',
      unit: 'ms',
      most: 6,
      aim: 3,
      read: ({ records }) => medianCpu(records),
    },
  ],
  describe({ records, first }) {
    return {
      tables: [
        toLoadTable('New structures, warm JVM', records),
        toLoadTable('New structures, JVM just started', [first]),
      ],
      plots: [toCpuPlot('cold', records)],
    }
  },
}

async function measureNew(stack, bench, prefix) {
  const parameters = { jobs: bench.toSize(jobsFull), runsPerJob: 1, prefix }
  const load = writeWarehouse(bench.dir, parameters)
  bench.say(`cold, ${prefix.slice(0, -1)}: ${load.events} events.`)
  const record = await measureLoad(stack, load)
  bench.remove(load.file)
  return { record, checks: await checkGraph(stack, expectWarehouse(parameters)) }
}
