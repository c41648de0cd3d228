import type { GraphTransaction } from '../../graph/connection.ts'
import type { Reader } from '../../http/access.ts'
import { toNodeId } from '../node-id.ts'
import type { Edge } from './fold.ts'
import { findGraph, isBetweenJobs, type LineageGraph } from './find-graph.ts'
import { findRunGraph } from './find-run-graph.ts'
import { measureDistances } from './measure-distances.ts'
import type { LineageQuestion } from './question.ts'
import { readDetails, type NodeDetails } from './read-details.ts'
import type { Flow } from './flow.ts'
import { findTops, rollUp } from './roll-up.ts'
import { showGraph, toDistanceName, type ShownGraph } from './show-graph.ts'

/** The answer of GET /api/v2/lineage. */
export interface LineageAnswer {
  roots: string[]
  direction: string
  depth: number
  granularity: string
  nodes: Record<string, unknown>[]
  edges: Record<string, unknown>[]
  truncated: { nodes: boolean; depth: boolean; edges: boolean; fanOut: string[] }
  hidden: number
}

/**
 * What lies upstream and downstream of things, and why.
 * @throws {Problem} `node-unknown`, `request-invalid`
 */
export async function findLineage(tx: GraphTransaction, question: LineageQuestion): Promise<LineageAnswer> {
  const graph = await (isOfRuns(question) ? findRunGraph(tx, question) : findGraph(tx, question))
  const edges = isBetweenJobs(graph.granularity) ? graph.flows.map(withoutJobs) : graph.flows
  const shown = showGraph(graph, { edges, question })
  const { details, ...seen } =
    graph.granularity === 'application'
      ? await rollUpGraph(tx, { graph, shown, question })
      : { ...shown, details: graph.details }
  const walks = graph.walks.map(({ walk }) => walk)
  const idOf = (element: string) => details.get(element)?.id ?? graph.details.get(element)?.id ?? ''
  return {
    roots: graph.roots.map(({ id }) => id),
    direction: question.direction,
    depth: question.depth,
    granularity: graph.granularity,
    nodes: seen.nodes.map(({ node, ...distances }) => toNode(node, distances)),
    edges: seen.edges.map((edge) => toEdge(edge, { idOf, reader: question.reader })),
    truncated: {
      nodes: walks.some(({ isFull }) => isFull),
      depth: walks.some(({ goesOn }) => goesOn),
      edges: graph.isCut,
      fanOut: [...new Set(walks.flatMap(({ cut }) => [...cut]))].map(idOf),
    },
    hidden: new Set(walks.flatMap(({ hidden }) => [...hidden])).size,
  }
}

function isOfRuns({ granularity, of }: LineageQuestion): boolean {
  return granularity === 'run' || (granularity === undefined && of[0]?.startsWith('run:') === true)
}

/** Between jobs, a READS or WRITES is half of a flow. */
function withoutJobs(flow: Flow): Edge {
  const { from, to, kind, current } = flow
  return { from, to, kind, ...(current !== undefined && { current }) }
}

async function rollUpGraph(
  tx: GraphTransaction,
  { graph, shown, question }: { graph: LineageGraph; shown: ShownGraph<Edge>; question: LineageQuestion },
): Promise<ShownGraph<Edge> & { details: Map<string, NodeDetails> }> {
  const jobs = shown.nodes.filter(({ node }) => node.kind === 'job').map(({ node }) => node.element)
  const tops = await findTops(tx, { jobs, reader: question.reader })
  const topsOf = (element: string) => tops.get(element) ?? [element]
  const edges = rollUp(shown.edges, topsOf)
  const elements = [...new Set(shown.nodes.flatMap(({ node }) => topsOf(node.element)))]
  const details = await readDetails(tx, elements)
  const distances = graph.walks.map(({ ways }) => ({
    name: toDistanceName(ways),
    of: measureDistances(edges, { roots: ways.flatMap((way) => graph.seeds[way]).flatMap(topsOf), ways }),
  }))
  const nodes = [...details].flatMap(([element, node]) => {
    const found = distances.flatMap(({ name, of }) => {
      const distance = of.get(element)
      return distance === undefined ? [] : [[name, distance] as const]
    })
    return found.length === 0 ? [] : [{ node, ...Object.fromEntries(found) }]
  })
  return { nodes, edges, details }
}

function toNode({ id, kind, namespace, name, owners, tags, more }: NodeDetails, distances: object) {
  return {
    id,
    kind,
    namespace,
    name,
    ...distances,
    ...more,
    ...(owners.length > 0 && { owners }),
    ...(tags.length > 0 && { tags }),
  }
}

/** An edge as the API shows it: why it is there, by whom, since when. A job that the reader may not see is left out. */
export function toEdge(
  edge: Flow | Edge,
  { idOf, reader }: { idOf: (element: string) => string; reader: Reader },
): Record<string, unknown> {
  const job =
    'job' in edge && edge.job !== undefined && reader.sees(edge.job.namespace) ? edge.job : undefined
  const isOwnSide = edge.kind === 'READS' || edge.kind === 'WRITES'
  const { from, to, kind, via, ...said } = 'key' in edge ? withoutKeys(edge) : edge
  return {
    from: idOf(from),
    to: idOf(to),
    kind,
    ...said,
    ...(job !== undefined && !isOwnSide && { job: toNodeId({ kind: 'job', ...job }) }),
    ...(via !== undefined && via.length > 0 && { via: via.map(idOf) }),
  }
}

/** What is read by one run of another says of which dataset. */
function withoutKeys({ key: _key, job: _job, dataset, ...shown }: Flow): Edge & { dataset?: string } {
  if (shown.kind !== 'READ' || dataset === undefined) return shown
  return { ...shown, dataset: toNodeId({ kind: 'dataset', ...dataset }) }
}
