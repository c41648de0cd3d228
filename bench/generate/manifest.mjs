import { sumOf } from '../sum-of.mjs'
import { findMiddle } from './reach.mjs'
import { countDags } from './warehouse-events.mjs'

/** What a correct collector holds after the events of a warehouse. */
export function toExpectation(world) {
  const { jobs, datasetNamespace, jobNamespace } = world
  const { runsPerJob } = world.parameters
  const used = [...new Set(jobs.flatMap(({ inputs, output }) => [...inputs, output]))]
  const dags = countDags(world)
  return {
    datasetNamespace,
    jobNamespace,
    datasets: used.length,
    jobs: jobs.length,
    parentJobs: dags,
    runs: jobs.length * runsPerJob,
    parentRuns: dags * runsPerJob,
    inputEdges: sumOf(jobs, ({ inputs }) => inputs.length),
    outputEdges: jobs.length,
    fields: sumOf(used, ({ fields }) => fields.length),
    columnEdges: sumOf(jobs, ({ columnLineage }) =>
      sumOf(Object.values(columnLineage), ({ inputFields }) => inputFields.length),
    ),
  }
}

/** What is written beside a file of events. */
export function toManifest(world, written) {
  const { events, bytes, maxEventBytes, sha256 } = written
  return {
    generator: 'headwater bench 1.0',
    parameters: world.parameters,
    events,
    bytes,
    meanEventBytes: Math.round(bytes / events),
    maxEventBytes,
    sha256,
    expect: toExpectation(world),
    middle: findMiddle(world),
  }
}
