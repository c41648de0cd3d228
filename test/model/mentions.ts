import type { Told } from './clock.ts'
import { columnLineageOf } from './column-lineage.ts'
import { datasetLineageOf, jobLineageOf } from './explicit-lineage.ts'
import { facetOf, listOf, objectOf, objectsOf, textOf } from './json.ts'
import { isDatasetEvent, isRunEvent } from './kinds.ts'
import { sameAsOf } from './names.ts'
import {
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
  const said = told.flatMap((one) => [...inputsOf(one), ...outputsOf(one), ...declaredOf(one)])
  const lineage = told.flatMap(lineageIn)
  const columns = [
    ...lineage.flatMap((one) => one.columns),
    ...said.flatMap(describedColumns),
    ...told.flatMap(testedColumns),
  ]
  const named = said.flatMap((one) => sameAsOf([one]).map(({ to }) => to))
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
    ]),
    columns: new Set(columns),
  }
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

/** Tasks that Airflow tells of: of a whole DAG when it starts, of a task's neighbours. */
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
  const isTask = event.job.name.startsWith(`${dag}.`)
  return [
    ...(isStart ? ofDag : []).map((id) => `${nameOf(event.job)}.${id}`),
    ...(isTask ? [`${event.job.namespace}/${dag}`] : []),
    ...(isTask ? neighbours : []).map(([, id]) => `${event.job.namespace}/${dag}.${id}`),
  ]
}

/** A tag or a measure of a column names it. */
function describedColumns({ dataset, facets }: SaidOfDataset): string[] {
  return [
    ...objectsOf(facetOf(facets, 'tags')?.['tags']).flatMap((tag) => textOf(tag['field']) ?? []),
    ...Object.keys(objectOf(facetOf(facets, 'dataQualityMetrics')?.['columnMetrics']) ?? {}),
  ].map((field) => `${dataset}#${field}`)
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
