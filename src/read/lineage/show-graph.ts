import { foldNodes, type Edge } from './fold.ts'
import { isBetweenJobs, type LineageGraph } from './find-graph.ts'
import { measureDistances } from './measure-distances.ts'
import type { LineageQuestion } from './question.ts'
import type { NodeDetails } from './read-details.ts'
import { isTagged } from './tagged.ts'
import type { Way } from './walk.ts'

export interface ShownNode {
  node: NodeDetails
  upstreamDistance?: number
  downstreamDistance?: number
  /** Along ways of any direction. */
  distance?: number
}

/** What is shown of a graph: some nodes folded, distances by what is shown. */
export interface ShownGraph<E> {
  nodes: ShownNode[]
  edges: (E | Edge)[]
}

/** Datasets that stand between others for the time of a run. */
const temporaryTypes = new Set(['TEMPORARY', 'JOB_OUTPUT'])

/** Leaves out what the question does not want to see, and bridges it. Edges end at nodes that are shown. */
export function showGraph<E extends Edge>(
  graph: Pick<LineageGraph, 'roots' | 'granularity' | 'seeds' | 'walks' | 'details' | 'datasetNamespaces'>,
  { edges, question }: { edges: readonly E[]; question: LineageQuestion },
): ShownGraph<E> {
  const isWanted = toSieve(graph, question)
  const seeds = new Set([...graph.seeds.upstream, ...graph.seeds.downstream])
  const isShown = (element: string) => {
    const node = graph.details.get(element)
    return node !== undefined && (seeds.has(element) || isWanted(node))
  }
  const elements = [...graph.details.keys()]
  const isWhole = elements.every(isShown)
  const shown = isWhole ? [...edges] : foldNodes(edges, isShown)
  const distances = graph.walks.map(({ ways, walk }) => ({
    ways,
    of: isWhole
      ? new Map([...walk.nodes].map(([element, { distance }]) => [element, distance]))
      : measureDistances(shown, { roots: rootsOf(graph, ways), ways }),
  }))
  const nodes = elements.filter(isShown).flatMap((element): ShownNode[] => {
    const node = graph.details.get(element)
    const found = distances.flatMap(({ ways, of }) => {
      const distance = of.get(element)
      return distance === undefined || distance > question.depth
        ? []
        : [[toDistanceName(ways), distance] as const]
    })
    return node === undefined || found.length === 0 ? [] : [{ node, ...Object.fromEntries(found) }]
  })
  const left = new Set(nodes.map(({ node }) => node.element))
  return { nodes, edges: shown.filter(({ from, to }) => left.has(from) && left.has(to)) }
}

export function toDistanceName(ways: readonly Way[]): 'distance' | 'upstreamDistance' | 'downstreamDistance' {
  if (ways.length > 1) return 'distance'
  return ways[0] === 'upstream' ? 'upstreamDistance' : 'downstreamDistance'
}

function rootsOf({ seeds }: Pick<LineageGraph, 'seeds'>, ways: readonly Way[]): string[] {
  return ways.flatMap((way) => seeds[way])
}

function toSieve(
  { granularity, datasetNamespaces }: Pick<LineageGraph, 'granularity' | 'datasetNamespaces'>,
  { isFolded, tags }: LineageQuestion,
): (node: NodeDetails) => boolean {
  const namespaces = new Set(datasetNamespaces)
  return (node) => {
    const isOfData = node.kind === 'dataset' || node.kind === 'field'
    if (isBetweenJobs(granularity) && node.kind !== 'job') return false
    if (isFolded && temporaryTypes.has(String(node.more['type']))) return false
    if (isOfData && namespaces.size > 0 && !namespaces.has(node.namespace)) return false
    return isTagged(node, tags)
  }
}
