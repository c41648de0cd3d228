import { countColumnEdges, expectWide, wideTexts } from '../generate/wide.mjs'
import { checkGraph } from '../measure/check-graph.mjs'
import { writeEventFile } from '../measure/event-file.mjs'
import { measureLoad } from '../measure/measure-load.mjs'
import { toMedian } from '../measure/summary.mjs'
import { warmUp } from '../measure/warm-up.mjs'
import { toCpuTable } from '../report/cpu-table.mjs'
import { toLoadTable } from '../report/load-table.mjs'
import { toText } from '../report/numbers.mjs'
import { toCpuPlot } from '../report/scenario-plots.mjs'

const columns = 2000
const jobsFull = 20
const jobsMin = 2
/** Runs of the known structures in one load. */
const laterRuns = 3

/** Datasets as wide as those of machine learning: once never seen, then known. */
export const wide = {
  name: 'wide',
  about: '20 jobs, each between two datasets of 2,000 columns with column lineage: never seen, then known',
  async run(bench) {
    const jobs = bench.toSize(jobsFull, jobsMin)
    return await bench.withStack(async (stack) => {
      await warmUp(stack, bench)
      await measureWide({ stack, bench, jobs }, 'wide-warm-')
      const found = { fresh: [], known: [], checks: [] }
      for (let run = 1; run <= bench.runs; run += 1) {
        const { fresh, known, checks } = await measureWide({ stack, bench, jobs }, `wide-${run}-`)
        found.fresh.push(fresh)
        found.known.push(known)
        found.checks.push(...checks)
      }
      return { ...found, records: [...found.fresh, ...found.known] }
    })
  },
  bars: [],
  describe({ fresh, known }) {
    const names = ['never seen', 'known'].flatMap((name) => fresh.map((_, index) => `${name} ${index + 1}`))
    return {
      tables: [
        toCpuTable('CPU an event', { 'structures never seen': fresh, 'the same, later runs': known }),
        toEdgeTable({ fresh, known }),
        toLoadTable('Structures never seen', fresh),
        toLoadTable('Known structures', known),
      ],
      plots: [toCpuPlot('wide', [...fresh, ...known], names)],
    }
  },
}

/** What a column costs: a run of a job has two events, and says its column edges once. */
export function toEdgeTable({ fresh, known }) {
  const edges = countColumnEdges(columns)
  const toRow = (name, records) => {
    const kb = toMedian(records.map(({ meanEventBytes }) => meanEventBytes / 1000))
    const runMs = toMedian(records.map(({ cpuMs }) => 2 * cpuMs.all))
    return [name, toText(kb), edges, toText(runMs), toText((1000 * runMs) / edges)]
  }
  return {
    title: 'CPU a column edge',
    columns: ['', 'kB an event, mean', 'column edges a run', 'CPU a run, ms', 'CPU a column edge, µs'],
    rows: [toRow('structures never seen', fresh), toRow('the same, later runs', known)],
  }
}

async function measureWide({ stack, bench, jobs }, prefix) {
  const fresh = await measureRuns({ stack, bench }, { prefix, jobs, columns, runs: 1 })
  const known = await measureRuns({ stack, bench }, { prefix, jobs, columns, firstRun: 1, runs: laterRuns })
  const expect = expectWide({ prefix, jobs, columns, runs: 1 + laterRuns })
  return { fresh, known, checks: await checkGraph(stack, expect) }
}

async function measureRuns({ stack, bench }, said) {
  const name = `${said.prefix}${said.firstRun ?? 0}`
  const { file, events, bytes } = writeEventFile(bench.dir, name, wideTexts(said))
  bench.say(`${name}: ${events} events, ${Math.round(bytes / events / 1000)} kB each.`)
  const record = await measureLoad(stack, { file })
  bench.remove(file)
  return { ...record, meanEventBytes: bytes / events }
}
