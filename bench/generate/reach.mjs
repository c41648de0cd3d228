/** Distances, in edges between a dataset and a job, for which a manifest says what lies within them. */
const distances = [1, 2, 3, 5, 10, 20]

/** The dataset of the middle layer with the most above and below it, and how much that is; undefined in a warehouse too small for one. */
export function findMiddle(world) {
  const ways = toWays(world)
  const layer = world.byLayer[Math.floor(world.parameters.layers / 2)]
  const candidates = layer
    .filter((dataset) => ways.readers.has(dataset))
    .map((dataset) => ({
      dataset,
      size:
        countWithin(dataset, Infinity, { ways, up: true, down: false }) +
        countWithin(dataset, Infinity, { ways, up: false, down: true }),
    }))
  if (candidates.length === 0) return undefined
  const { dataset } = candidates.reduce((best, one) => (one.size > best.size ? one : best))
  return {
    nodeId: `dataset:${world.datasetNamespace}:${dataset.name}`,
    name: dataset.name,
    job: ways.writer.get(dataset)?.name,
    field: dataset.fields[0].name,
    nodesIncludingItself: Object.fromEntries(
      distances.map((distance) => [
        distance,
        {
          upstream: countWithin(dataset, distance, { ways, up: true, down: false }),
          downstream: countWithin(dataset, distance, { ways, up: false, down: true }),
          either: countWithin(dataset, distance, { ways, up: true, down: true }),
        },
      ]),
    ),
  }
}

function toWays({ jobs }) {
  const writer = new Map(jobs.map((job) => [job.output, job]))
  const readers = new Map()
  for (const job of jobs) {
    for (const dataset of job.inputs) readers.set(dataset, [...(readers.get(dataset) ?? []), job])
  }
  return { writer, readers }
}

function countWithin(start, distance, directions) {
  const seen = new Set([start])
  let front = [start]
  for (let step = 0; step < distance && front.length > 0; step += 1) {
    const next = new Set(front.flatMap((node) => neighboursOf(node, directions)))
    front = [...next].filter((node) => !seen.has(node))
    for (const node of front) seen.add(node)
  }
  return seen.size
}

function neighboursOf(node, { ways: { writer, readers }, up, down }) {
  const isJob = node.output !== undefined
  if (isJob) return [...(up ? node.inputs : []), ...(down ? [node.output] : [])]
  const above = writer.get(node)
  return [...(up && above !== undefined ? [above] : []), ...(down ? (readers.get(node) ?? []) : [])]
}
