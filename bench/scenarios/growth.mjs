import { checkGraph } from '../measure/check-graph.mjs'
import { measureDisk, readLogBytes } from '../measure/disk.mjs'
import { importEvents } from '../measure/import-events.mjs'
import { measureLoad } from '../measure/measure-load.mjs'
import { toMedian } from '../measure/summary.mjs'
import { warmUp } from '../measure/warm-up.mjs'
import { expectWarehouse, writeWarehouse } from '../measure/warehouse-load.mjs'
import { medianCpu } from '../report/bar-values.mjs'
import { toCpuTable } from '../report/cpu-table.mjs'
import { toDiskTable } from '../report/disk-table.mjs'
import { toText } from '../report/numbers.mjs'
import { toCpuPlot } from '../report/scenario-plots.mjs'

/** Events in the graph at which an event is measured; up to --growth-max. */
const stepsFull = [10_000, 100_000, 1_000_000]
const goal = stepsFull.at(-1)
const jobsFull = 500
/** The bulk comes in parts, each a warehouse of its own: structures grow as runs do. */
const bulkJobsFull = 250
const bulkJobsMin = 10
const bulkRunsMax = 20
const prefix = 'growth-'
/** Below this, what is measured is the JVM and not the graph. */
const warmRatio = 0.9

/** Whether an event costs more the larger the graph is, and what the graph takes on the disk. */
export const growth = {
  name: 'growth',
  about:
    'known jobs on a graph of 10 thousand, 100 thousand, … events (--growth-max), and what it takes on the disk',
  async run(bench) {
    const jobs = bench.toSize(jobsFull)
    const grow = async (stack) => {
      await warmUp(stack, bench)
      const work = { stack, bench, jobs, runsDone: 0, bulk: [] }
      await measureKnown(work)
      const steps = []
      for (const size of toSteps(bench.growthMax)) steps.push(await measureStep(work, bench.toSize(size)))
      return {
        steps,
        growthMax: bench.growthMax,
        records: steps.flatMap(({ records }) => records),
        events: await stack.graph.countEvents(),
        logBytes: await readLogBytes(stack, expectKnown(work).jobNamespace),
        checks: await checkAll(work),
      }
    }
    return await bench.withStack(grow, async (dataDir) => ({ disk: await measureDisk(dataDir) }))
  },
  bars: [
    {
      name: 'growth: CPU an event on the largest graph against the smallest',
      unit: '×',
      most: 1.2,
      read: ({ steps }) => toGrowth(steps),
      note: ({ steps }) => `${steps.at(-1).events} events against ${steps[0].events}`,
    },
  ],
  describe({ steps, growthMax, ...size }) {
    const series = Object.fromEntries(steps.map((step) => [toName(step), step.records]))
    return {
      notes: describeLimit(steps, growthMax),
      tables: [toCpuTable('CPU an event by events in the graph', series), toDiskTable(size)],
      plots: [
        toCpuPlot(
          'growth',
          steps.flatMap(({ records }) => records),
          steps.flatMap((step) => step.records.map(() => toName(step))),
        ),
      ],
    }
  },
}

/** The sizes up to the largest that is wanted, which is the last of them. */
export function toSteps(growthMax) {
  return [...stepsFull.filter((size) => size < growthMax), growthMax]
}

/** CPU an event on the largest graph against the smallest. */
export function toGrowth(steps) {
  return medianCpu(steps.at(-1).records) / medianCpu(steps[0].records)
}

function toName({ events }) {
  return `${events} events`
}

function describeLimit(steps, growthMax) {
  const bulk = steps.filter(({ importedPerSecond }) => importedPerSecond !== undefined)
  const rate = toMedian(bulk.map(({ importedPerSecond }) => importedPerSecond))
  const said =
    rate === undefined ? [] : [`The bulk was imported at ${toText(rate)} events a second, merged and all.`]
  if (toGrowth(steps) < warmRatio)
    said.push(
      'The smallest graph costs more than the largest: the JVM was still warming there, so that growth is not told apart from it.',
    )
  return growthMax < goal
    ? [...said, `**A graph of ${goal} events was not measured**: \`--growth-max ${goal}\` does.`]
    : said
}

/** Imports until the graph has so many events, then measures; the first load after the import warms, and does not count. */
async function measureStep(work, size) {
  const { stack, bench } = work
  const importedPerSecond = await importBulk(work, size)
  await measureKnown(work)
  const events = await stack.graph.countEvents()
  const records = []
  for (let run = 1; run <= bench.runs; run += 1) {
    bench.say(`growth, ${events} events in the graph, run ${run}.`)
    records.push(await measureKnown(work))
  }
  return { events, importedPerSecond, records }
}

/** A later run of each of the known jobs. */
async function measureKnown(work) {
  const { stack, bench, jobs } = work
  const { file } = writeWarehouse(bench.dir, { jobs, runsPerJob: 1, firstRun: work.runsDone, prefix })
  work.runsDone += 1
  const record = await measureLoad(stack, { file })
  bench.remove(file)
  return record
}

/** Resolves with the events a second that went in; undefined where there were enough. */
async function importBulk(work, size) {
  const { stack, bench, bulk } = work
  const jobs = bench.toSize(bulkJobsFull, bulkJobsMin)
  let imported = 0
  const startedAt = performance.now()
  for (let missing; (missing = size - (await stack.graph.countEvents())) > 0;) {
    const runsPerJob = Math.min(bulkRunsMax, Math.ceil(missing / (2 * jobs)))
    const part = { jobs, runsPerJob, prefix: `growth-bulk-${bulk.length}-` }
    const { file, events } = writeWarehouse(bench.dir, part)
    await importEvents(stack, { file, events, dir: bench.dir })
    bench.remove(file)
    bulk.push(part)
    imported += events
    bench.say(`growth: ${imported} events imported, ${Math.max(0, missing - events)} to go.`)
  }
  return imported === 0 ? undefined : (imported * 1000) / (performance.now() - startedAt)
}

async function checkAll(work) {
  const checks = await checkGraph(work.stack, expectKnown(work))
  for (const part of work.bulk) checks.push(...(await checkGraph(work.stack, expectWarehouse(part))))
  return checks
}

function expectKnown({ jobs, runsDone }) {
  return expectWarehouse({ jobs, runsPerJob: runsDone, prefix })
}
