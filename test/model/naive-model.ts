import type { LineageEvent } from '../../src/openlineage/events.ts'
import { clockOf, compareClocks, type Told } from './clock.ts'
import { unite } from './content.ts'
import { type Dataset, datasetsOf } from './datasets.ts'
import { type GraphView, toLine, toLines } from './graph-view.ts'
import { jobFactsOf, jobParentsOf } from './job-facts.ts'
import { type Job, jobsOf } from './jobs.ts'
import { type Run, runsOf } from './runs.ts'
import { type Schema, schemaText } from './schemas.ts'

/**
 * The graph that a set of events stands for, worked out from all of them at once: slow, plain, and written from the pages that describe
 * the graph, apart from the code that makes it.
 */
export function expectedGraph(received: readonly { id: string; event: LineageEvent }[]): GraphView {
  const told = toldOnce(received)
  const runs = runsOf(told)
  const jobs = jobsOf(told, runs)
  const datasets = datasetsOf(told, runs)
  return {
    runs: toLines(runs.map(runLine)),
    jobs: toLines(jobFactsOf(told, runs).map(({ job, ...facts }) => toLine(job, facts))),
    jobParents: toLines(jobParentsOf(told).map(({ job, parent }) => `${job} in ${parent}`)),
    reads: toLines(runs.flatMap(readLines)),
    writes: toLines(runs.flatMap(writeLines)),
    jobVersions: toLines(jobs.flatMap(jobVersionLines)),
    structure: toLines(jobs.flatMap(structureLines)),
    datasets: toLines(datasets.map(datasetLine)),
    datasetVersions: toLines(datasets.flatMap(datasetVersionLines)),
    fields: toLines(datasets.flatMap(fieldLines)),
  }
}

/** Each event once, the oldest first. */
function toldOnce(received: readonly { id: string; event: LineageEvent }[]): Told[] {
  const byId = new Map(received.map(({ id, event }) => [id, { event, clock: clockOf(id, event) }]))
  return [...byId.values()].toSorted((a, b) => compareClocks(a.clock, b.clock))
}

function runLine(run: Run): string {
  const { runId, state, startedAt, endedAt, job, parent, root } = run
  return toLine(runId, { state, startedAt, endedAt, durationMs: durationMs(run), job, parent, root })
}

/** Where the only start is after the end, the pages are silent: nothing lasts a negative time. */
function durationMs({ startedAt, endedAt }: Run): bigint | undefined {
  if (startedAt === undefined || endedAt === undefined || endedAt < startedAt) return undefined
  return (endedAt - startedAt) / 1_000_000n
}

function readLines({ runId, inputs }: Run): string[] {
  return inputs.map(({ dataset, at, version, schema, rowCount }) =>
    toLine(`${runId} ${dataset}`, { at, version, rowCount, schema: bracketed(schema) }),
  )
}

function writeLines({ runId, outputs }: Run): string[] {
  return outputs.map(({ dataset, at, change, rowCount }) =>
    toLine(`${runId} ${dataset}`, { at, change, rowCount }),
  )
}

function jobVersionLines({ job, versions }: Job): string[] {
  return versions.map((runs) => `${job}: ${toLines(runs.map(({ runId }) => runId)).join(' ')}`)
}

/** The edges of a job: all that its contents imply, current where one of now implies it. */
function structureLines({ job, contents, now }: Job): string[] {
  return unite(contents.flatMap(({ edges }) => edges)).map(({ subject, ...properties }) =>
    toLine(`${job}: ${subject}`, {
      ...properties,
      current: now.some(({ edges }) => edges.some((edge) => edge.subject === subject)),
    }),
  )
}

function datasetLine({ dataset, droppedAt, description }: Dataset): string {
  return toLine(dataset, { description, droppedAt })
}

function bracketed(schema: Schema | undefined): string | undefined {
  return schema === undefined ? undefined : `[${schemaText(schema)}]`
}

function datasetVersionLines({ dataset, versions }: Dataset): string[] {
  return versions.map(({ run, version, writtenAt, change, isAssumed, schema }) =>
    toLine(`${dataset} ${run.runId}`, {
      version,
      writtenAt,
      change,
      assumed: isAssumed,
      schema: bracketed(schema),
    }),
  )
}

function fieldLines({ dataset, fields }: Dataset): string[] {
  return fields.map(({ field, type, isRemoved }) =>
    toLine(`${dataset}#${field}`, { type, removed: isRemoved }),
  )
}
