import { aFacet, aRunEvent, toTime } from './envelope.mjs'
import { randomOf, uuidOf } from './random.mjs'
import { toDagName } from './warehouse.mjs'

const dayMs = 86_400_000
const hourMs = 3_600_000
/** A layer begins so long after the one below it. */
const layerMs = 600_000
const jobStepMs = 50
const runMs = 30_000
const rowsMax = 1e6
const bytesMax = 1e9

const engine = aFacet('ProcessingEngineRunFacet', {
  version: '3.5.1',
  name: 'spark',
  openlineageAdapterVersion: '1.23.0',
})

/** The texts of a warehouse's events, a day a run: of some jobs their STARTs, then their COMPLETEs, then of the next jobs. */
export function* warehouseTexts(world) {
  const { firstRun, runsPerJob, window, dagEvents, layers } = world.parameters
  for (let run = firstRun; run < firstRun + runsPerJob; run += 1) {
    const dayStart = dayStartOf(world, run)
    if (dagEvents) yield* dagTexts(world, { run, eventType: 'START', atMs: dayStart })
    for (let first = 0; first < world.jobs.length; first += window) {
      const jobs = world.jobs.slice(first, first + window)
      for (const job of jobs) yield toRunText(world, job, { run, eventType: 'START' })
      for (const job of jobs) yield toRunText(world, job, { run, eventType: 'COMPLETE' })
    }
    const dayEnd = dayStart + layers * layerMs + hourMs
    if (dagEvents) yield* dagTexts(world, { run, eventType: 'COMPLETE', atMs: dayEnd })
  }
}

/** How many runs a day has that only start others. */
export function countDags({ parameters: { dagSize }, jobs }) {
  return Math.ceil(jobs.length / dagSize)
}

function dayStartOf({ parameters: { base } }, run) {
  return Date.parse(base) + run * dayMs
}

function toRunText(world, job, { run, eventType }) {
  const { seed } = world.parameters
  const dayStart = dayStartOf(world, run)
  const startMs = dayStart + job.layer * layerMs + job.number * jobStepMs
  const isEnd = eventType === 'COMPLETE'
  return toText(
    aRunEvent({
      atMs: isEnd ? startMs + runMs : startMs,
      eventType,
      run: {
        runId: uuidOf(seed, `run/${job.number}/${run}`, startMs),
        facets: toRunFacets(world, job, { run, dayStart }),
      },
      job: { namespace: world.jobNamespace, name: job.name, facets: job.facets },
      inputs: job.inputs.map(({ name, facets }) => ({ namespace: world.datasetNamespace, name, facets })),
      outputs: [toOutput(world, job, { run, isEnd })],
    }),
  )
}

function toRunFacets({ parameters: { seed }, jobNamespace }, { dag, dagName }, { run, dayStart }) {
  return {
    nominalTime: aFacet('NominalTimeRunFacet', {
      nominalStartTime: toTime(dayStart),
      nominalEndTime: toTime(dayStart + dayMs),
    }),
    parent: aFacet('ParentRunFacet', {
      run: { runId: uuidOf(seed, `dag/${dag}/${run}`, dayStart) },
      job: { namespace: jobNamespace, name: dagName },
    }),
    processing_engine: engine,
  }
}

function toOutput({ parameters: { seed, clOnStart }, datasetNamespace }, job, { run, isEnd }) {
  const { name, facets } = job.output
  const lineage = aFacet('ColumnLineageDatasetFacet', { fields: job.columnLineage })
  const output = {
    namespace: datasetNamespace,
    name,
    facets: { ...facets, ...((isEnd || clOnStart) && { columnLineage: lineage }) },
  }
  if (!isEnd) return output
  const random = randomOf(seed, `stat/${job.number}/${run}`)
  const rowCount = Math.floor(random() * rowsMax)
  const size = Math.floor(random() * bytesMax)
  const outputStatistics = aFacet('OutputStatisticsOutputDatasetFacet', { rowCount, size })
  return { ...output, outputFacets: { outputStatistics } }
}

function* dagTexts(world, { run, eventType, atMs }) {
  const { seed } = world.parameters
  for (let dag = 0; dag < countDags(world); dag += 1) {
    const runId = uuidOf(seed, `dag/${dag}/${run}`, dayStartOf(world, run))
    const job = { namespace: world.jobNamespace, name: toDagName(dag), facets: {} }
    yield toText(aRunEvent({ atMs, eventType, run: { runId, facets: {} }, job, inputs: [], outputs: [] }))
  }
}

function toText(event) {
  return JSON.stringify(event)
}
