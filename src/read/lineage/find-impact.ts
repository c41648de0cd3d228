import type { GraphTransaction } from '../../graph/connection.ts'
import { toNodeId } from '../node-id.ts'
import { findGraph, type LineageGraph } from './find-graph.ts'
import { isNaming, type Flow } from './flow.ts'
import { groupBy } from '../../project/group-by.ts'
import type { LineageQuestion } from './question.ts'
import { readDetails, type NodeDetails, type Owning } from './read-details.ts'
import { findJobsOfFlows, findReaders } from './find-readers.ts'
import type { Walk } from './walk.ts'

/** Something that breaks, sooner or later, with what is asked for. */
export interface Impacted {
  id: string
  kind: string
  namespace: string
  name: string
  distance: number
  owners: Owning[]
  tags: string[]
  /** How it is known that data goes there: the weakest of the last step. */
  derivation: string | undefined
  /** From what is asked for to this: one shortest way, with the jobs that move the data. */
  path: string[]
}

export interface Impact {
  impacted: Impacted[]
  truncated: { nodes: boolean; depth: boolean; fanOut: string[] }
  hidden: number
}

/**
 * All that depends on things: datasets, or columns and what they influence, and the jobs that read or move them; the nearest first.
 * @throws {Problem} `node-unknown`, `request-invalid`
 */
export async function findImpact(tx: GraphTransaction, question: LineageQuestion): Promise<Impact> {
  const [first = ''] = question.of
  const granularity = /^(?:field|datasetField):/.test(first) ? 'field' : 'dataset'
  const order = { ...question, direction: 'downstream', granularity, namespaces: [], tags: [] } as const
  const graph = await findGraph(tx, order)
  const trees = graph.walks.map(({ walk }) => walk)
  const [walk] = trees
  if (walk === undefined)
    return { impacted: [], truncated: { nodes: false, depth: false, fanOut: [] }, hidden: 0 }
  const tree = toTree(graph, { walk, question })
  const idOf = (element: string) => graph.details.get(element)?.id ?? ''
  return {
    impacted: [...listData(graph, tree), ...(await listJobs(tx, { graph, tree, question }))].toSorted(
      byDistance,
    ),
    truncated: { nodes: walk.isFull, depth: walk.goesOn, fanOut: [...walk.cut].map(idOf) },
    hidden: walk.hidden.size,
  }
}

export function byDistance(a: Impacted, b: Impacted): number {
  return a.distance - b.distance || (a.id < b.id ? -1 : 1)
}

/** A walk with the way to each of its nodes. */
interface Tree {
  walk: Walk
  /** What a step from a root to a node that it writes counts: nothing is nearer to a job than what it writes. */
  extra: number
  isRoot(element: string): boolean
  pathTo(element: string): string[]
  /** The edges of the step that leads to a node. */
  lastOf(element: string): readonly Flow[]
}

function toTree(graph: LineageGraph, { walk, question }: { walk: Walk; question: LineageQuestion }): Tree {
  const flows = groupBy(graph.flows, ({ from, to }) => `${from} ${to}`)
  const idOf = (element: string) => graph.details.get(element)?.id ?? ''
  const roots = new Set(graph.roots.map(({ element }) => element))
  const isOfOthers = graph.roots.some(({ name }) => name.kind === 'job' || name.kind === 'run')
  const lastOf = (element: string) => flows.get(`${walk.nodes.get(element)?.from ?? ''} ${element}`) ?? []
  const paths = new Map<string, string[]>()
  const pathTo = (element: string): string[] => {
    const known = paths.get(element)
    if (known !== undefined) return known
    const from = walk.nodes.get(element)?.from
    const mover = lastOf(element).find(
      ({ job }) => job !== undefined && question.reader.sees(job.namespace),
    )?.job
    const before = from === undefined ? startOf(element) : pathTo(from)
    const path = [
      ...before,
      ...(mover === undefined ? [] : [toNodeId({ kind: 'job', ...mover })]),
      idOf(element),
    ]
    paths.set(element, path)
    return path
  }
  // What stands for a job or a run in the walk is behind it.
  const startOf = (element: string) =>
    isOfOthers && !roots.has(element) ? graph.roots.slice(0, 1).map(({ id }) => id) : []
  return { walk, extra: isOfOthers ? 1 : 0, isRoot: (element) => roots.has(element), pathTo, lastOf }
}

function listData({ details, seeds }: LineageGraph, tree: Tree): Impacted[] {
  const given = new Set(tree.extra === 0 ? seeds.downstream : [])
  return [...tree.walk.nodes].flatMap(([element, { distance }]) => {
    const node = details.get(element)
    if (node === undefined || tree.isRoot(element) || given.has(element)) return []
    const derivation = tree.lastOf(element).find((flow) => flow.derivation !== undefined)?.derivation
    return [toImpacted(node, { distance: distance + tree.extra, path: tree.pathTo(element), derivation })]
  })
}

async function listJobs(
  tx: GraphTransaction,
  { graph, tree, question }: { graph: LineageGraph; tree: Tree; question: LineageQuestion },
): Promise<Impacted[]> {
  const elements = [...tree.walk.nodes.keys()]
  const movers = await findJobsOfFlows(
    tx,
    graph.flows.filter((flow) => !isNaming(flow)),
  )
  const readers = graph.granularity === 'dataset' ? await findReaders(tx, { elements, graph, question }) : []
  const nearest = new Map<string, { distance: number; from: string; derivation: string | undefined }>()
  for (const { job, from, derivation } of [...movers, ...readers]) {
    const distance = (tree.walk.nodes.get(from)?.distance ?? 0) + 1 + tree.extra
    const isNearer = distance < (nearest.get(job)?.distance ?? Infinity)
    if (isNearer && distance <= question.depth && !tree.isRoot(job))
      nearest.set(job, { distance, from, derivation })
  }
  const details = await readDetails(tx, [...nearest.keys()])
  return [...nearest].flatMap(([job, { distance, from, derivation }]) => {
    const node = details.get(job)
    if (node === undefined || !question.reader.sees(node.namespace)) return []
    return [toImpacted(node, { distance, path: [...tree.pathTo(from), node.id], derivation })]
  })
}

function toImpacted(
  { id, kind, namespace, name, owners, tags }: NodeDetails,
  rest: Pick<Impacted, 'distance' | 'path' | 'derivation'>,
): Impacted {
  return { id, kind, namespace, name, owners, tags, ...rest }
}
