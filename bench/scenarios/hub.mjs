import { expectHub, hubTexts } from '../generate/hub.mjs'
import { checkGraph } from '../measure/check-graph.mjs'
import { writeEventFile } from '../measure/event-file.mjs'
import { importEvents } from '../measure/import-events.mjs'
import { measureLoad } from '../measure/measure-load.mjs'
import { toMedian } from '../measure/summary.mjs'
import { warmUp } from '../measure/warm-up.mjs'
import { toCpuTable } from '../report/cpu-table.mjs'
import { toCpuPlot } from '../report/scenario-plots.mjs'

const runsFull = 50_000
const runsMin = 1000
const jobsFull = 500
const windowFull = 1000
const windowMin = 200
/** So many windows of a hub of its own warm what the warehouse of the warm-up did not. */
const warmWindows = 4
/**
 * Of so many windows, one after the other, the last one counts: a statement that is planned anew after the graph has grown takes as much CPU as
 * hundreds of events.
 */
const windowsOfMeasure = 2

/**
 * Runs that read one dataset. Each measured run has a hub of its own and ends with a fresh one: by then the JVM has seen as much and the graph
 * is as large, so that between those two only the hub differs.
 */
export const hub = {
  name: 'hub',
  about: '50,000 runs of 500 jobs that all read one calendar: 1,000 at the beginning against the last 1,000',
  async run(bench) {
    const sizes = {
      jobs: bench.toSize(jobsFull),
      window: bench.toSize(windowFull, windowMin),
      runs: bench.toSize(runsFull, runsMin),
    }
    return await bench.withStack(async (stack) => {
      await warmUp(stack, bench)
      await openHub({ stack, bench, sizes }, { prefix: 'hub-warm-', windows: warmWindows })
      const hubs = []
      const checks = []
      for (let run = 1; run <= bench.runs; run += 1) {
        const found = await measureHub({ stack, bench, sizes }, `hub-${run}-`)
        hubs.push(found.records)
        checks.push(...found.checks)
      }
      return { hubs, records: hubs.flatMap(Object.values), checks }
    })
  },
  bars: [
    {
      name: 'hub: CPU an event, the last against the first',
      unit: '×',
      most: 1.2,
      read: ({ hubs }) => toMedian(hubs.map(({ first, last }) => last.cpuMs.all / first.cpuMs.all)),
      note: ({ hubs }) => `against a fresh hub at the same time ${toFreshRatio(hubs).toFixed(2)} ×`,
    },
  ],
  describe({ hubs }) {
    const series = {
      'first runs of the hub': hubs.map(({ first }) => first),
      'last runs of the hub': hubs.map(({ last }) => last),
      'first runs of a fresh hub, right after': hubs.map(({ fresh }) => fresh),
    }
    const records = hubs.flatMap(({ first, last, fresh }) => [first, last, fresh])
    const names = hubs.flatMap((_, index) => ['first', 'last', 'fresh'].map((name) => `${name} ${index + 1}`))
    return {
      tables: [toCpuTable('CPU an event in windows of runs', series)],
      plots: [toCpuPlot('hub', records, names)],
    }
  },
}

function toFreshRatio(hubs) {
  return toMedian(hubs.map(({ last, fresh }) => last.cpuMs.all / fresh.cpuMs.all))
}

async function measureHub(work, prefix) {
  const { jobs, window, runs } = work.sizes
  const first = await openHub(work, { prefix, windows: windowsOfMeasure })
  const bulkFrom = jobs + windowsOfMeasure * window
  const lastFrom = runs - windowsOfMeasure * window
  work.bench.say(`${prefix.slice(0, -1)}: ${lastFrom - bulkFrom} runs between the first and the last.`)
  await importRuns(work, { prefix, firstRun: bulkFrom, runs: lastFrom - bulkFrom })
  const last = await measureWindows(work, { prefix, firstRun: lastFrom, windows: windowsOfMeasure })
  const freshPrefix = `${prefix}fresh-`
  const fresh = await openHub(work, { prefix: freshPrefix, windows: windowsOfMeasure })
  return {
    records: { first, last, fresh },
    checks: [
      ...(await checkGraph(work.stack, expectHub({ prefix, jobs, runs }))),
      ...(await checkGraph(work.stack, expectHub({ prefix: freshPrefix, jobs, runs: bulkFrom }))),
    ],
  }
}

/** Each job once, so that its structure is known; then windows of runs. */
async function openHub(work, { prefix, windows }) {
  const { jobs } = work.sizes
  await importRuns(work, { prefix, firstRun: 0, runs: jobs })
  return await measureWindows(work, { prefix, firstRun: jobs, windows })
}

/** Windows of runs one after the other, of which the last one counts. */
async function measureWindows(work, { prefix, firstRun, windows }) {
  const { window } = work.sizes
  let record
  for (let index = 0; index < windows; index += 1) {
    record = await measureRuns(work, { prefix, firstRun: firstRun + index * window, runs: window })
  }
  return record
}

async function measureRuns({ stack, bench, sizes: { jobs } }, { prefix, firstRun, runs }) {
  const name = `${prefix}${firstRun}`
  const { file } = writeEventFile(bench.dir, name, hubTexts({ prefix, jobs, firstRun, runs }))
  const record = await measureLoad(stack, { file })
  bench.remove(file)
  return record
}

async function importRuns({ stack, bench, sizes: { jobs } }, { prefix, firstRun, runs }) {
  const name = `${prefix}${firstRun}-import`
  const { file, events } = writeEventFile(bench.dir, name, hubTexts({ prefix, jobs, firstRun, runs }))
  await importEvents(stack, { file, events, dir: bench.dir })
  bench.remove(file)
}
