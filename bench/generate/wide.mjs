import { aFacet, aRunEvent, toPadded } from './envelope.mjs'
import { uuidOf } from './random.mjs'

const dayMs = 86_400_000
const firstDayMs = Date.parse('2026-01-01T00:00:00.000Z')
const runMs = 30_000
const types = ['BIGINT', 'VARCHAR(255)', 'TIMESTAMP', 'DECIMAL(18,2)']
/** Every so many columns are made of two, the others of one. */
const joinedEvery = 2
/** How far away, in columns, the second one lies. */
const joinedStep = 7
const transformations = [{ type: 'DIRECT', subtype: 'TRANSFORMATION', description: '', masking: false }]

/**
 * The texts of runs `firstRun` and following: in each, every job reads one dataset of so many columns and writes another, and says of each
 * column where it comes from. START has the schemas, COMPLETE the column lineage too.
 */
export function* wideTexts({ prefix, jobs, columns, firstRun = 0, runs }) {
  const tasks = Array.from({ length: jobs }, (_, number) => toTask({ prefix, columns, number }))
  for (let run = firstRun; run < firstRun + runs; run += 1) {
    for (const [number, { job, inputs, output, columnLineage }] of tasks.entries()) {
      const startMs = firstDayMs + run * dayMs + number * runMs
      const about = {
        run: { runId: uuidOf(prefix, `run/${number}/${run}`, startMs), facets: {} },
        job,
        inputs,
      }
      yield toText({ ...about, atMs: startMs, eventType: 'START', outputs: [output] })
      const explained = { ...output, facets: { ...output.facets, columnLineage } }
      yield toText({ ...about, atMs: startMs + runMs, eventType: 'COMPLETE', outputs: [explained] })
    }
  }
}

/** What the graph holds after the first `runs` runs. */
export function expectWide({ prefix, jobs, columns, runs }) {
  return {
    datasetNamespace: toDatasetNamespace(prefix),
    jobNamespace: toJobNamespace(prefix),
    datasets: 2 * jobs,
    jobs,
    parentJobs: 0,
    runs: jobs * runs,
    parentRuns: 0,
    inputEdges: jobs,
    outputEdges: jobs,
    readRuns: jobs * runs,
    datasetVersions: jobs * runs,
    fields: 2 * jobs * columns,
    columnEdges: jobs * countColumnEdges(columns),
    events: 2 * jobs * runs,
  }
}

/** Column edges between the two datasets of a job. */
export function countColumnEdges(columns) {
  return columns + Math.ceil(columns / joinedEvery)
}

function toTask({ prefix, columns, number }) {
  const namespace = toDatasetNamespace(prefix)
  const sourceName = `dwh.raw.features_${toPadded(number)}`
  const fields = Array.from({ length: columns }, (_, index) => ({
    name: toColumn(index),
    type: types[index % types.length],
  }))
  const schema = aFacet('SchemaDatasetFacet', { fields })
  const lineage = fields.map(({ name }, index) => {
    const joined = index % joinedEvery === 0 ? [(index + joinedStep) % columns] : []
    const inputFields = [index, ...joined].map((from) => ({
      namespace,
      name: sourceName,
      field: toColumn(from),
      transformations,
    }))
    return [name, { inputFields }]
  })
  return {
    job: { namespace: toJobNamespace(prefix), name: `features.build_${toPadded(number)}`, facets: {} },
    inputs: [{ namespace, name: sourceName, facets: { schema } }],
    output: { namespace, name: `dwh.mart.features_${toPadded(number)}`, facets: { schema } },
    columnLineage: aFacet('ColumnLineageDatasetFacet', { fields: Object.fromEntries(lineage) }),
  }
}

function toColumn(index) {
  return `feature_${toPadded(index)}`
}

function toText(event) {
  return JSON.stringify(aRunEvent(event))
}

function toDatasetNamespace(prefix) {
  return `${prefix}s3://lake.example`
}

function toJobNamespace(prefix) {
  return `${prefix}features`
}
