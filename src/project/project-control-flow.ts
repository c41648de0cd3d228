import type { EventType } from '../openlineage/events.ts'
import { isJsonObject, readPath } from '../openlineage/json-object.ts'
import { isNodeName, isUnknownJob, toContentKey, toEntityKey, type EntityName } from '../openlineage/keys.ts'
import { readFacet, type StatedFacets } from './facet-registers.ts'
import { addJob, type Facts } from './facts.ts'
import { addControlFlow, addPrecedence, type PrecedenceSource } from './precedence.ts'
import { readStringList } from './python-list.ts'
import type { Saying } from './saying.ts'

interface Speaker {
  job: EntityName
  eventType: EventType
  runFacets: StatedFacets
  jobFacets: StatedFacets
  saying: Saying
}

/** Adds which jobs precede which, from the three places that say so (`reference/producers.md`). */
export function projectControlFlow(facts: Facts, speaker: Speaker): void {
  projectDag(facts, speaker)
  projectTask(facts, speaker)
  projectDependencies(facts, speaker)
}

/** The START of an Airflow DAG lists all its tasks, each with those behind it: the DAG's whole control flow. */
function projectDag(facts: Facts, { job, eventType, jobFacets, saying }: Speaker): void {
  const tasks = readPath(readFacet(jobFacets, 'airflow'), ['tasks'])
  if (eventType !== 'START' || !isJsonObject(tasks)) return
  const dag = toEntityKey(job)
  const taskJob = (id: string) => ({ namespace: job.namespace, name: `${job.name}.${id}` })
  const keys = Object.entries(tasks).flatMap(([id, task]) =>
    readStringList(readPath(task, ['downstream_task_ids'])).map((next) =>
      precede(facts, { from: taskJob(id), to: taskJob(next), source: 'AIRFLOW_DAG', dag }, saying),
    ),
  )
  addControlFlow(facts, dag, { clock: saying.clock, value: [...new Set(keys)].toSorted() })
}

/** A task's own events name its neighbours, in strings that hold Python lists. */
function projectTask(facts: Facts, { job, runFacets, saying }: Speaker): void {
  const airflow = readFacet(runFacets, 'airflow')
  const dagId = readPath(airflow, ['dag', 'dag_id'])
  if (typeof dagId !== 'string' || !job.name.startsWith(`${dagId}.`)) return
  const task = readPath(airflow, ['task'])
  const dag = toEntityKey({ namespace: job.namespace, name: dagId })
  const taskJob = (id: string) => ({ namespace: job.namespace, name: `${dagId}.${id}` })
  for (const id of readStringList(readPath(task, ['upstream_task_ids']))) {
    precede(facts, { from: taskJob(id), to: job, source: 'AIRFLOW_TASK', dag }, saying)
  }
  for (const id of readStringList(readPath(task, ['downstream_task_ids']))) {
    precede(facts, { from: job, to: taskJob(id), source: 'AIRFLOW_TASK', dag }, saying)
  }
}

function projectDependencies(facts: Facts, { job, runFacets, saying }: Speaker): void {
  const dependencies = readFacet(runFacets, 'jobDependencies')
  for (const upstream of dependencies?.upstream ?? []) {
    precede(facts, { from: upstream.job, to: job, source: 'JOB_DEPENDENCIES', dag: undefined }, saying)
  }
  for (const downstream of dependencies?.downstream ?? []) {
    precede(facts, { from: job, to: downstream.job, source: 'JOB_DEPENDENCIES', dag: undefined }, saying)
  }
}

function precede(
  facts: Facts,
  edge: { from: EntityName; to: EntityName; source: PrecedenceSource; dag: string | undefined },
  { time }: Saying,
): string {
  const [from, to] = [toEntityKey(edge.from), toEntityKey(edge.to)]
  const key = toContentKey(`${from} ${to}`)
  const isNode = [edge.from, edge.to].every((job) => isNodeName(job) && !isUnknownJob(job))
  if (!isNode) return key
  for (const job of edge.dag === undefined ? [from, to] : [from, to, edge.dag])
    addJob(facts, job, { first: time, last: undefined, facets: new Map() })
  addPrecedence(facts, key, { from, to, source: edge.source, first: time, dag: edge.dag })
  return key
}
