import type { LineageEvent } from '../../src/openlineage/events.ts'
import { clockOf, compareClocks, type Told } from './clock.ts'
import { datasetViews } from './dataset-views.ts'
import { datasetsOf } from './datasets.ts'
import type { GraphView } from './graph-view.ts'
import { jobViews } from './job-views.ts'
import { jobsOf } from './jobs.ts'
import { runViews } from './run-views.ts'
import { runsOf } from './runs.ts'

/**
 * The graph that a set of events stands for, worked out from all of them at once: slow, plain, and written from the pages that describe
 * the graph, apart from the code that makes it.
 */
export function expectedGraph(received: readonly { id: string; event: LineageEvent }[]): GraphView {
  const told = toldOnce(received)
  const runs = runsOf(told)
  return {
    ...runViews(told, runs),
    ...jobViews(told, jobsOf(told, runs)),
    ...datasetViews(told, runs, datasetsOf(told, runs)),
  }
}

/** Each event once, the oldest first. */
function toldOnce(received: readonly { id: string; event: LineageEvent }[]): Told[] {
  const byId = new Map(received.map(({ id, event }) => [id, { event, clock: clockOf(id, event) }]))
  return [...byId.values()].toSorted((a, b) => compareClocks(a.clock, b.clock))
}
