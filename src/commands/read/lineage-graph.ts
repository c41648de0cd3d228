import { readObjects, readPath } from '../../openlineage/json-object.ts'
import { nameOfId, partsOfId } from './answer-values.ts'

type Entry = Record<string, unknown>

export type LineageWay = 'upstream' | 'downstream' | 'either'

/** What is joined to a node, by which edges; `mark` tells their direction where it may be any. */
export interface Neighbour {
  id: string
  edges: readonly Entry[]
  mark: '' | '→' | '←'
  /** Whether every one of the edges is gone along whichever way it points. */
  isTwoWay: boolean
}

export interface LineageGraph {
  nodes: ReadonlyMap<string, Entry>
  /** By name. Of a root of another kind, as a job among datasets: what lineage begins at in its place. */
  neighboursOf(id: string): readonly Neighbour[]
}

/** The answer of GET /api/v2/lineage as what can be walked one way. */
export function toLineageGraph(answer: unknown, way: LineageWay): LineageGraph {
  const nodes = new Map(readObjects(answer, 'nodes').map((node) => [String(node['id']), node]))
  const neighbours = new Map<string, Map<string, Neighbour>>()
  const add = ({ at, to, edge, mark }: { at: string; to: string; edge: Entry; mark: Neighbour['mark'] }) => {
    const around = neighbours.get(at) ?? new Map<string, Neighbour>()
    const isTwoWay = way === 'either' || isNaming(edge)
    const before = around.get(to) ?? { id: to, edges: [], mark, isTwoWay }
    neighbours.set(
      at,
      around.set(to, { ...before, edges: [...before.edges, edge], isTwoWay: before.isTwoWay && isTwoWay }),
    )
  }
  for (const edge of readObjects(answer, 'edges')) {
    const [from, to] = [String(edge['from']), String(edge['to'])]
    const goes = (direction: LineageWay, id: string) =>
      isNaming(edge) ? isOnWay(nodes.get(id), way) : way === direction || way === 'either'
    const isMarked = way === 'either' && !isNaming(edge)
    if (goes('downstream', to)) add({ at: from, to, edge, mark: isMarked ? '→' : '' })
    if (goes('upstream', from)) add({ at: to, to: from, edge, mark: isMarked ? '←' : '' })
  }
  const sorted = new Map([...neighbours].map(([id, around]) => [id, byName(around.values())]))
  const ends = new Set(readObjects(answer, 'edges').flatMap(({ from, to }) => [String(from), String(to)]))
  const roots = readPath(answer, ['roots'])
  const isApart = (id: string) => Array.isArray(roots) && roots.includes(id) && !ends.has(id)
  return {
    nodes,
    neighboursOf: (id) => sorted.get(id) ?? (isApart(id) ? byName(beginningsOf(id, nodes, way)) : []),
  }
}

function byName(neighbours: Iterable<Neighbour>): Neighbour[] {
  return [...neighbours]
    .map((neighbour) => ({ neighbour, name: nameOfId(neighbour.id) }))
    .toSorted((a, b) => compare(a.name, b.name))
    .map(({ neighbour }) => neighbour)
}

const distanceNames = {
  upstream: 'upstreamDistance',
  downstream: 'downstreamDistance',
  either: 'distance',
} as const

/** Whether an edge joins two names of one thing: those are joined whichever way it points. */
function isNaming({ kind }: Entry): boolean {
  return kind === 'SAME_AS' || kind === 'PART_OF'
}

function isOnWay(node: Entry | undefined, way: LineageWay): boolean {
  return node === undefined || node[distanceNames[way]] !== undefined
}

/**
 * What lineage begins at where its root is of another kind, and no edge leads to it: datasets of a job, columns of a dataset. Of those
 * it is the nearest.
 */
function beginningsOf(root: string, nodes: ReadonlyMap<string, Entry>, way: LineageWay): Neighbour[] {
  const { kind, name, namespace } = partsOfId(root)
  const distanceOf = (node: Entry) => Number(node[distanceNames[way]] ?? Infinity)
  const others = [...nodes.values()].filter((node) => node['kind'] !== kind || !nodes.has(root))
  const least = Math.min(...others.map(distanceOf))
  return others.flatMap((node) => {
    const isOwn = kind !== 'dataset' || (node['dataset'] === name && node['namespace'] === namespace)
    const isNearest = Number.isFinite(least) && distanceOf(node) === least
    return isNearest && isOwn ? [{ id: String(node['id']), edges: [], mark: '', isTwoWay: false }] : []
  })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
