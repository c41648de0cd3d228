import { aFacet, aRunEvent, toPadded } from './envelope.mjs'
import { uuidOf } from './random.mjs'

const startMs = Date.parse('2026-01-01T00:00:00.000Z')
/** From one run to the next. */
const stepMs = 1000

const calendarFields = toFields(['day', 'week', 'month', 'quarter', 'year', 'is_workday', 'holiday'])
const sourceFields = toFields(['id', 'day', 'amount', 'currency', 'created_at'])
const targetFields = toFields(['month', 'is_workday', 'amount'])

/** Where a column of each target comes from: two of the three from the calendar, so that its columns are hubs too. */
const columnSources = [
  { field: 'month', of: 'calendar', from: 'month' },
  { field: 'is_workday', of: 'calendar', from: 'is_workday' },
  { field: 'amount', of: 'source', from: 'amount' },
]

/**
 * The texts of runs `firstRun` and following, an event a run: `jobs` jobs in turn, each of which reads the one calendar and a table of its own,
 * and writes another.
 */
export function* hubTexts({ prefix, jobs, firstRun = 0, runs }) {
  const datasetNamespace = toDatasetNamespace(prefix)
  const calendar = toDataset(datasetNamespace, { name: 'dwh.dim.calendar', fields: calendarFields })
  const tasks = Array.from({ length: jobs }, (_, number) => toTask({ prefix, calendar, number }))
  for (let run = firstRun; run < firstRun + runs; run += 1) {
    const atMs = startMs + run * stepMs
    const { job, inputs, outputs } = tasks[run % jobs]
    const runId = uuidOf(prefix, `run/${run}`, atMs)
    yield JSON.stringify(
      aRunEvent({ atMs, eventType: 'COMPLETE', run: { runId, facets: {} }, job, inputs, outputs }),
    )
  }
}

/** What the graph holds after the first `runs` runs, where each job has run. */
export function expectHub({ prefix, jobs, runs }) {
  return {
    datasetNamespace: toDatasetNamespace(prefix),
    jobNamespace: toJobNamespace(prefix),
    datasets: 1 + 2 * jobs,
    jobs,
    parentJobs: 0,
    runs,
    parentRuns: 0,
    inputEdges: 2 * jobs,
    outputEdges: jobs,
    readRuns: 2 * runs,
    datasetVersions: runs,
    fields: calendarFields.length + jobs * (sourceFields.length + targetFields.length),
    columnEdges: jobs * columnSources.length,
    events: runs,
  }
}

function toTask({ prefix, calendar, number }) {
  const namespace = calendar.namespace
  const source = toDataset(namespace, { name: `dwh.ods.sales_${toPadded(number)}`, fields: sourceFields })
  const target = toDataset(namespace, { name: `dwh.mart.sales_${toPadded(number)}`, fields: targetFields })
  const sources = { calendar, source }
  const lineage = columnSources.map(({ field, of, from }) => [
    field,
    { inputFields: [{ namespace, name: sources[of].name, field: from }] },
  ])
  const columnLineage = aFacet('ColumnLineageDatasetFacet', { fields: Object.fromEntries(lineage) })
  return {
    job: { namespace: toJobNamespace(prefix), name: `report.sales_${toPadded(number)}`, facets: {} },
    inputs: [calendar, source],
    outputs: [{ ...target, facets: { ...target.facets, columnLineage } }],
  }
}

function toDataset(namespace, { name, fields }) {
  return { namespace, name, facets: { schema: aFacet('SchemaDatasetFacet', { fields }) } }
}

function toFields(names) {
  return names.map((name) => ({ name, type: 'VARCHAR(255)' }))
}

function toDatasetNamespace(prefix) {
  return `${prefix}postgres://warehouse.example:5432`
}

function toJobNamespace(prefix) {
  return `${prefix}reports`
}
