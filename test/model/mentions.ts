import type { Told } from './clock.ts'
import { columnLineageOf } from './column-lineage.ts'
import { namedIn } from './edges.ts'
import { datasetLineageOf, jobLineageOf } from './explicit-lineage.ts'
import { facetOf, listOf, objectOf, objectsOf, textOf } from './json.ts'
import { isDatasetEvent, isRunEvent } from './kinds.ts'
import { sameAsOf } from './names.ts'
import {
  current,
  declaredOf,
  hasJob,
  inputsOf,
  isKnownJob,
  type Name,
  nameOf,
  outputsOf,
  type SaidOfDataset,
} from './said.ts'

/** What events name in passing: each gets a node, whatever becomes of the event's run. */
export interface Mentions {
  datasets: Set<Name>
  jobs: Set<Name>
  columns: Set<string>
}

export function mentionsOf(told: readonly Told[]): Mentions {
  const said = told.flatMap(saidIn)
  const lineage = told.flatMap(lineageIn)
  const columns = [
    ...lineage.flatMap((one) => one.columns),
    ...told.flatMap(describedColumns),
    ...told.flatMap(testedColumns),
  ]
  // What one event says of its inputs yields to what it says of its outputs.
  const named = told.flatMap((one) => sameAsOf(saidIn(one)).map(({ to }) => to))
  const ends = lineage.flatMap(({ edges }) => edges.flatMap(({ subject }) => endsOf(subject)))
  return {
    datasets: new Set([
      ...said.map(({ dataset }) => dataset),
      ...columns.map((column) => column.slice(0, column.indexOf('#'))),
      ...named,
      ...lineage.flatMap(({ targets }) => targets),
      ...ends.filter((end) => !end.startsWith('job:')).map((end) => end.split('#')[0] ?? end),
    ]),
    jobs: new Set([
      ...ends.filter((end) => end.startsWith('job:')).map((end) => end.slice('job:'.length)),
      ...told.flatMap(tasksIn),
      ...told.flatMap(lineageJobsIn),
    ]),
    columns: new Set(columns),
  }
}

function saidIn(told: Told): SaidOfDataset[] {
  return [...inputsOf(told), ...outputsOf(told), ...declaredOf(told)]
}

/** The lineage of columns and the explicit one that an event tells. */
function lineageIn(told: Told) {
  const { event } = told
  if (isDatasetEvent(event)) {
    return declaredOf(told).flatMap(({ dataset, facets }) => {
      const [explicit, columns] = [facetOf(facets, 'lineage'), facetOf(facets, 'columnLineage')]
      return [
        { targets: [], ...columnLineageOf(dataset, columns) },
        ...(explicit === undefined ? [] : [datasetLineageOf(explicit, dataset)]),
      ]
    })
  }
  const outputs = outputsOf(told).map(({ dataset, facets }) => ({
    targets: [],
    ...columnLineageOf(dataset, facetOf(facets, 'columnLineage')),
  }))
  const explicit = hasJob(event) ? facetOf(event.job.facets, 'lineage') : undefined
  return [
    ...outputs,
    ...(explicit === undefined || !hasJob(event)
      ? []
      : [jobLineageOf(explicit, { named: nameOf(event.job), own: nameOf(event.job) })]),
  ]
}

/** Jobs that explicit lineage has as targets, and their sources: an entry of "unknown" says nothing. */
function lineageJobsIn({ event }: Told): Name[] {
  if (!hasJob(event)) return []
  const facet = facetOf(event.job.facets, 'lineage')
  return objectsOf(facet?.['entries'])
    .flatMap((entry) => {
      const target = namedIn(entry) ?? nameOf(event.job)
      return entry['type'] === 'JOB' && isKnownJob(target) ? [entry, ...objectsOf(entry['inputs'])] : []
    })
    .filter((end) => end['type'] === 'JOB')
    .flatMap((end) => namedIn(end) ?? [])
    .filter(isKnownJob)
}

/** Tasks that Airflow tells of: of a whole DAG when it starts, of a task's neighbours, and with those their DAG. */
function tasksIn({ event }: Told): Name[] {
  if (!hasJob(event) || !isKnownJob(nameOf(event.job))) return []
  const tasks = objectOf(facetOf(event.job.facets, 'airflow')?.['tasks']) ?? {}
  const isStart = isRunEvent(event) && event.eventType === 'START'
  const ofDag = Object.entries(tasks).flatMap(([task, value]) => {
    const after = listOf(objectOf(value)?.['downstream_task_ids']).flatMap((id) => textOf(id) ?? [])
    return after.length > 0 ? [task, ...after] : []
  })
  const airflow = isRunEvent(event) ? facetOf(event.run.facets, 'airflow') : undefined
  const task = objectOf(airflow?.['task'])
  const neighbours = ['upstream_task_ids', 'downstream_task_ids'].flatMap((key) => [
    ...(textOf(task?.[key]) ?? '').matchAll(/'(\w+)'/g),
  ])
  const dag = textOf(objectOf(airflow?.['dag'])?.['dag_id']) ?? ''
  const isTask = event.job.name.startsWith(`${dag}.`) && neighbours.length > 0
  return [
    ...(isStart ? ofDag : []).map((id) => `${nameOf(event.job)}.${id}`),
    ...(isTask ? [`${event.job.namespace}/${dag}`] : []),
    ...(isTask ? neighbours : []).map(([, id]) => `${event.job.namespace}/${dag}.${id}`),
  ]
}

/** A tag or a measure of a column names it. What one event says of its inputs yields to what it says of its outputs. */
function describedColumns(told: Told): string[] {
  const said = saidIn(told)
  return [...new Set(said.map(({ dataset }) => dataset))].flatMap((name) => {
    const own = said.filter(({ dataset }) => dataset === name)
    return [
      ...objectsOf(current(own, 'tags')?.facet['tags']).flatMap((tag) => textOf(tag['field']) ?? []),
      ...Object.keys(objectOf(current(own, 'dataQualityMetrics')?.facet['columnMetrics']) ?? {}),
    ].map((field) => `${name}#${field}`)
  })
}

/** A run's test of a column names it. */
function testedColumns(told: Told): string[] {
  if (!isRunEvent(told.event)) return []
  return inputsOf(told).flatMap(({ dataset, sideFacets }) =>
    objectsOf(facetOf(sideFacets, 'dataQualityAssertions')?.['assertions'])
      .flatMap((assertion) => textOf(assertion['column']) ?? [])
      .map((field) => `${dataset}#${field}`),
  )
}

function endsOf(subject: string): string[] {
  const [from, , to] = subject.split(' ')
  return from === undefined || to === undefined ? [] : [from, to]
}
