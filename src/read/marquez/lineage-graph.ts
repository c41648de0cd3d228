import type { GraphTransaction } from '../../graph/connection.ts'
import type { Reader } from '../../http/access.ts'
import { toEntityKey, type EntityName } from '../../openlineage/keys.ts'
import type { Way, Walk } from '../lineage/walk.ts'
import { nameNodesStatement } from './lineage-statements.ts'
import { isMap } from './marquez-values.ts'
import { readShortDatasets } from './read-datasets.ts'
import { readJobs } from './read-jobs.ts'
import { fanMax } from './walk-jobs.ts'

interface Edge {
  origin: string
  destination: string
}

export interface MarquezNode {
  id: string
  type: 'DATASET' | 'JOB'
  data: Record<string, unknown>
  inEdges: Edge[]
  outEdges: Edge[]
}

/** The nodes of walks with what Marquez says of each, sorted by id. */
export async function toLineageGraph(
  tx: GraphTransaction,
  { walks, root, reader }: { walks: Record<Way, Walk>; root: string; reader: Reader },
): Promise<{ graph: MarquezNode[]; hidden: number; isCut: boolean }> {
  const { upstream, downstream } = walks
  const reached = [...new Set([root, ...upstream.nodes.keys(), ...downstream.nodes.keys()])]
  const rows = await tx.run(nameNodesStatement, { nodes: reached, fan: fanMax })
  const names = toNames(rows, reached)
  const shown = { reader, hides: false }
  const datasets = await readShortDatasets(tx, [...new Set(names.shownDatasets)].map(nameOf), shown)
  const jobs = await readJobs(tx, names.jobs.map(nameOf), { ...shown, runs: 1 })
  const graph = [...datasets.map(toDatasetNode), ...jobs.map((job) => toJobNode(job, names.shownAs))]
  join(graph)
  const sorted = graph.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  return {
    graph: sorted,
    hidden: new Set([...upstream.hidden, ...downstream.hidden]).size,
    isCut: [upstream, downstream].some(({ isFull, goesOn, cut }) => isFull || goesOn || cut.size > 0),
  }
}

function nameOf(key: string): EntityName {
  const [namespace = '', name = ''] = key.split('\0')
  return { namespace, name }
}

/** A dataset of several names is one node, as Marquez has it: under the name that was reached first. */
function toNames(rows: readonly Record<string, unknown>[], reached: readonly string[]) {
  const byElement = new Map(rows.map((row) => [String(row['element']), row]))
  const shownAs = new Map<string, EntityName>()
  const shownDatasets: string[] = []
  const seen = new Set<string>()
  const jobs: string[] = []
  for (const element of reached) {
    const row = byElement.get(element)
    if (row === undefined || seen.has(element)) continue
    if (row['isDataset'] !== true) {
      jobs.push(keyOf(row))
      continue
    }
    shownDatasets.push(keyOf(row))
    const open = [element]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const other = byElement.get(next)
      if (other === undefined || seen.has(next)) continue
      seen.add(next)
      shownAs.set(toEntityKey(nameOf(keyOf(other))), nameOf(keyOf(row)))
      const more = other['names']
      if (Array.isArray(more)) open.push(...more.map(String))
    }
  }
  return { shownAs, shownDatasets, jobs }
}

function keyOf(row: Record<string, unknown>): string {
  return `${String(row['namespace'])}\0${String(row['name'])}`
}

function toDatasetNode({ deleted: _deleted, ...data }: Record<string, unknown>): MarquezNode {
  const id = toId('dataset', data)
  return { id, type: 'DATASET', data, inEdges: [], outEdges: [] }
}

function toJobNode(job: Record<string, unknown>, shownAs: ReadonlyMap<string, EntityName>): MarquezNode {
  const {
    latestRuns: _runs,
    facets: _facets,
    currentVersion: _version,
    labels: _labels,
    tags: _tags,
    ...data
  } = job
  const run = isMap(data['latestRun']) ? data['latestRun'] : undefined
  const inputs = toShown(data['inputs'], shownAs)
  const outputs = toShown(data['outputs'], shownAs)
  const jobVersion = isMap(run?.['jobVersion']) ? run['jobVersion']['version'] : null
  return {
    id: toId('job', data),
    type: 'JOB',
    data: {
      ...data,
      currentRunUuid: run?.['id'] ?? null,
      inputs,
      outputs,
      latestRun: run === undefined ? null : { ...run, jobVersion },
    },
    inEdges: [],
    outEdges: [],
  }
}

function toShown(names: unknown, shownAs: ReadonlyMap<string, EntityName>): EntityName[] {
  const found = Array.isArray(names) ? names.filter(isMap) : []
  const shown = found.map(({ namespace, name }) => {
    const said = { namespace: String(namespace), name: String(name) }
    return shownAs.get(toEntityKey(said)) ?? said
  })
  return [...new Map(shown.map((name) => [toEntityKey(name), name])).values()]
}

/** The edges between nodes that are there. */
function join(graph: readonly MarquezNode[]): void {
  const byId = new Map(graph.map((node) => [node.id, node]))
  for (const job of graph.filter(({ type }) => type === 'JOB')) {
    for (const id of idsOf(job.data['inputs'])) addEdge(byId, { origin: id, destination: job.id })
    for (const id of idsOf(job.data['outputs'])) addEdge(byId, { origin: job.id, destination: id })
  }
  for (const node of graph) {
    node.inEdges.sort((a, b) => (a.origin < b.origin ? -1 : 1))
    node.outEdges.sort((a, b) => (a.destination < b.destination ? -1 : 1))
  }
}

function addEdge(byId: ReadonlyMap<string, MarquezNode>, edge: Edge): void {
  const [from, to] = [byId.get(edge.origin), byId.get(edge.destination)]
  if (from === undefined || to === undefined) return
  from.outEdges.push(edge)
  to.inEdges.push(edge)
}

function idsOf(names: unknown): string[] {
  return Array.isArray(names) ? names.filter(isMap).map((name) => toId('dataset', name)) : []
}

/** As Marquez writes them: nothing is escaped. */
function toId(kind: string, { namespace, name }: Record<string, unknown>): string {
  return `${kind}:${String(namespace)}:${String(name)}`
}
