/** Against the flow of data, or with it. */
export type Way = 'upstream' | 'downstream'

/** What lies around a node. Nodes are told by Neo4j's elementId, within one transaction. */
export interface Neighbours {
  from: string
  /** One step away. */
  to: readonly string[]
  /** The same thing under other names: as near as the node itself. */
  names: readonly string[]
  /** Those that the reader may not see: not walked to, only counted. */
  hidden: readonly string[]
  /** Whether there are more than were looked at. */
  isCut: boolean
}

/** How a walk finds its way: by what, in which graph, for whom. */
export interface Steps {
  /** What lies around each of these nodes, in each of these ways. Nodes without neighbours may be left out. */
  follow(nodes: readonly string[], ways: readonly Way[]): Promise<readonly Neighbours[]>
}

export interface WalkOrder {
  roots: readonly string[]
  /** Both at once walks along every way that joins two things, whatever its direction. */
  ways: readonly Way[]
  /** Most steps from a root. */
  depth: number
  /** Most nodes, the roots with them. */
  nodesMax: number
  /** Nodes at which the walk may end: with the level in which one of them is reached. */
  goals?: ReadonlySet<string>
}

export interface Reached {
  distance: number
  /** The node that it was reached from first; undefined for a root. */
  from: string | undefined
}

export interface Walk {
  /** By their distance. */
  nodes: Map<string, Reached>
  /** Nodes that have more neighbours than were looked at. */
  cut: Set<string>
  hidden: Set<string>
  /** Whether it stopped at `nodesMax`. */
  isFull: boolean
  /** Whether there is more behind `depth`. */
  goesOn: boolean
}

/** Nodes that one step starts from, so that no answer of the graph grows beyond so many times the fan-out. */
const nodesTogether = 100

/**
 * Walks breadth first, level by level, each node once: cycles and diamonds cost what their nodes cost, and no path is ever counted out.
 * To change from one name of a thing to another is no step. Every node that is reached is followed, those of the last level too: what
 * joins them is seen, and whether there is more behind them.
 */
export async function walk(steps: Steps, order: WalkOrder): Promise<Walk> {
  const state: Walk = { nodes: new Map(), cut: new Set(), hidden: new Set(), isFull: false, goesOn: false }
  let level = [...new Set(order.roots)].filter((root) =>
    reach(state, order, { node: root, distance: 0, from: undefined }),
  )
  for (let distance = 0; level.length > 0; distance += 1) {
    const around = await followLevel(state, { steps, order, level, distance })
    if (state.isFull || around.some(({ from }) => order.goals?.has(from) === true)) break
    if (distance === order.depth) {
      state.goesOn = around.some(({ to }) => to.some((node) => !state.nodes.has(node)))
      break
    }
    level = around.flatMap(({ from, to }) => takeUnseen(state, order, { from, to, distance: distance + 1 }))
  }
  return state
}

/**
 * Adds every other name of a level's nodes, and the names of those.
 * @returns what lies around all of them; a node without neighbours is there too
 */
async function followLevel(
  state: Walk,
  {
    steps,
    order,
    level,
    distance,
  }: { steps: Steps; order: WalkOrder; level: readonly string[]; distance: number },
): Promise<Neighbours[]> {
  const around = new Map<string, Neighbours>()
  let open = [...level]
  while (open.length > 0) {
    for (const node of open) around.set(node, { from: node, to: [], names: [], hidden: [], isCut: false })
    const added: string[] = []
    for (const neighbours of await followAll(steps, open, order.ways)) {
      const { from, names, hidden, isCut } = neighbours
      around.set(from, neighbours)
      if (isCut) state.cut.add(from)
      for (const node of hidden) state.hidden.add(node)
      added.push(...takeUnseen(state, order, { from, to: names, distance }))
    }
    open = added
  }
  return [...around.values()]
}

function takeUnseen(
  state: Walk,
  order: WalkOrder,
  { from, to, distance }: { from: string; to: readonly string[]; distance: number },
): string[] {
  return to.filter((node) => reach(state, order, { node, distance, from }))
}

function reach(
  state: Walk,
  { nodesMax }: WalkOrder,
  { node, ...reached }: Reached & { node: string },
): boolean {
  if (state.nodes.has(node)) return false
  if (state.nodes.size >= nodesMax) {
    state.isFull = true
    return false
  }
  state.nodes.set(node, reached)
  return true
}

/** What lies around nodes, however many. The graph looks for the next part while what came of the last one is taken in. */
export async function followAll(
  steps: Steps,
  nodes: readonly string[],
  ways: readonly Way[],
): Promise<Neighbours[]> {
  const parts: Promise<readonly Neighbours[]>[] = []
  for (let start = 0; start < nodes.length; start += nodesTogether)
    parts.push(steps.follow(nodes.slice(start, start + nodesTogether), ways))
  return (await Promise.all(parts)).flat()
}
