import type { GraphTransaction } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import type { Reader } from '../../http/access.ts'
import { isJsonObject } from '../../openlineage/json-object.ts'
import { toEntityKey, type EntityKey, type EntityName } from '../../openlineage/keys.ts'
import { toNodeId } from '../node-id.ts'

export interface Upstream {
  /** Steps of jobs from the run's own, which is 0. */
  jobs: Map<EntityKey, { job: EntityName; distance: number }>
  /** Steps from the run: its own inputs are 1. */
  datasets: Map<EntityKey, { dataset: EntityName; distance: number }>
  truncated: { depth: boolean; jobs: boolean; fanOut: Set<string> }
  hidden: Set<string>
}

/** Writers of one dataset, and sources of one job, at most. */
const writersMax = 10
const sourcesMax = 100
/** Of those of a hub, so many are looked at to find the current ones. */
const lookedAtMax = 1000

/** Who writes each dataset, under each of its names, with what these jobs read. */
const findWriters = cypher`
  UNWIND $datasets AS one
  MATCH (d:Dataset {namespace: one.namespace, name: one.name})
  CALL (d) {
    MATCH (d)-[:SAME_AS|PART_OF*0..2]->(o:Dataset)
    WITH DISTINCT o LIMIT 10
    MATCH (o)<-[w:WRITES]-(j:Job)
    WITH j, w LIMIT toInteger($looked)
    WITH DISTINCT j, max(w.current) AS current ORDER BY current DESC, j.namespace, j.name LIMIT toInteger($writers)
    RETURN j
  }
  RETURN one.namespace AS datasetNamespace, one.name AS datasetName, j.namespace AS namespace, j.name AS name,
    COLLECT {
      MATCH (j)-[x:READS]->(s:Dataset)
      WITH s, x LIMIT toInteger($looked)
      WITH s, x ORDER BY x.current DESC, s.namespace, s.name LIMIT toInteger($sources)
      RETURN s {.namespace, .name}
    } AS sources
`

/** The jobs and datasets upstream of what a job reads, level by level, each once. */
export async function findUpstream(
  tx: GraphTransaction,
  { job, reads }: { job: EntityName; reads: readonly EntityName[] },
  { depth, jobsMax, reader }: { depth: number; jobsMax: number; reader: Reader },
): Promise<Upstream> {
  const upstream: Upstream = {
    jobs: new Map([[toEntityKey(job), { job, distance: 0 }]]),
    datasets: new Map(),
    truncated: { depth: false, jobs: false, fanOut: new Set() },
    hidden: new Set(),
  }
  let frontier = addDatasets(upstream, reads, { distance: 1, reader })
  for (let distance = 1; frontier.length > 0; distance += 1) {
    if (distance > depth) {
      upstream.truncated.depth = true
      break
    }
    // oxlint-disable-next-line no-await-in-loop -- a level is known when the one before is
    const rows = await tx.run(findWriters, {
      datasets: frontier,
      writers: writersMax + 1,
      sources: sourcesMax,
      looked: lookedAtMax,
    })
    const sources = rows.flatMap((row) => addWriter(upstream, row, { distance, jobsMax, reader }))
    noteFanOut(upstream, rows)
    frontier = addDatasets(upstream, sources, { distance: distance + 1, reader })
  }
  return upstream
}

function addWriter(
  upstream: Upstream,
  row: Record<string, unknown>,
  { distance, jobsMax, reader }: { distance: number; jobsMax: number; reader: Reader },
): EntityName[] {
  const job = { namespace: String(row['namespace']), name: String(row['name']) }
  const key = toEntityKey(job)
  if (upstream.jobs.has(key)) return []
  if (!reader.sees(job.namespace)) {
    upstream.hidden.add(`job ${key}`)
    return []
  }
  if (upstream.jobs.size >= jobsMax) {
    upstream.truncated.jobs = true
    return []
  }
  upstream.jobs.set(key, { job, distance })
  const sources = Array.isArray(row['sources']) ? row['sources'].filter(isJsonObject) : []
  return sources.map(({ namespace, name }) => ({ namespace: String(namespace), name: String(name) }))
}

function addDatasets(
  upstream: Upstream,
  datasets: readonly EntityName[],
  { distance, reader }: { distance: number; reader: Reader },
): EntityName[] {
  return datasets.filter((dataset) => {
    const key = toEntityKey(dataset)
    if (upstream.datasets.has(key)) return false
    if (!reader.sees(dataset.namespace)) {
      upstream.hidden.add(`dataset ${key}`)
      return false
    }
    upstream.datasets.set(key, { dataset, distance })
    return true
  })
}

function noteFanOut(upstream: Upstream, rows: readonly Record<string, unknown>[]): void {
  const writers = new Map<EntityKey, number>()
  for (const { datasetNamespace, datasetName } of rows) {
    const dataset = { namespace: String(datasetNamespace), name: String(datasetName) }
    const count = (writers.get(toEntityKey(dataset)) ?? 0) + 1
    writers.set(toEntityKey(dataset), count)
    if (count > writersMax) upstream.truncated.fanOut.add(toNodeId({ kind: 'dataset', ...dataset }))
  }
}
