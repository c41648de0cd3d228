import type { Told } from './clock.ts'
import { instantOf } from './clock.ts'
import { forwardedOf } from './forwarded.ts'
import { type GraphView, tagLine, toLine, toLines } from './graph-view.ts'
import { textOf } from './json.ts'
import { tagsOfRun } from './labels.ts'
import type { Run } from './runs.ts'
import { currentOfRun, runFacets, type Said } from './said.ts'
import { schemaText } from './schemas.ts'

/** What the graph shows of runs. */
export function runViews(told: readonly Told[], runs: readonly Run[]): GraphView {
  const forwarded = told.flatMap(forwardedOf)
  const saidOf = (run: Run): Said[] => [
    ...runFacets(run.told),
    ...forwarded.filter(({ runId }) => runId === run.runId).map(({ ofRun }) => ofRun),
  ]
  return {
    runs: toLines(runs.map((run) => runLine(run, saidOf(run)))),
    runTags: toLines(runs.flatMap((run) => tagsOfRun(saidOf(run)).map((tag) => tagLine(run.runId, tag)))),
    reads: toLines(runs.flatMap(readLines)),
    writes: toLines(runs.flatMap(writeLines)),
  }
}

function runLine(run: Run, said: readonly Said[]): string {
  const { runId, state, startedAt, endedAt, job, parent, root } = run
  const nominal = textOf(currentOfRun(said, 'nominalTime')?.facet['nominalStartTime'])
  return toLine(runId, {
    state,
    startedAt,
    endedAt,
    durationMs: durationMs(run),
    job,
    parent,
    root,
    nominalStartAt: nominal === undefined ? undefined : instantOf(nominal),
    errorMessage: textOf(currentOfRun(said, 'errorMessage')?.facet['message']),
  })
}

/** Where the only start is after the end, the pages are silent: nothing lasts a negative time. */
function durationMs({ startedAt, endedAt }: Run): bigint | undefined {
  if (startedAt === undefined || endedAt === undefined || endedAt < startedAt) return undefined
  return (endedAt - startedAt) / 1_000_000n
}

function readLines({ runId, inputs }: Run): string[] {
  return inputs.map(({ dataset, at, version, schema, rowCount }) =>
    toLine(`${runId} ${dataset}`, { at, version, rowCount, schema: schema && schemaText(schema) }),
  )
}

function writeLines({ runId, outputs }: Run): string[] {
  return outputs.map(({ dataset, at, change, rowCount }) =>
    toLine(`${runId} ${dataset}`, { at, change, rowCount }),
  )
}
