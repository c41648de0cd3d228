/** Against the flow of data, or with it. */
export type Way = 'upstream' | 'downstream'

/** What lies one step from a node. Nodes are told by Neo4j's elementId, within one transaction. */
export interface Neighbours {
  from: string
  to: readonly string[]
  /** Those of `to` that have other names. */
  named: readonly string[]
  /** Those that the reader may not see: not walked to, only counted. */
  hidden: readonly string[]
  /** Whether there are more than were looked at. */
  isCut: boolean
}

/** How a walk finds its way: by what, in which graph, for whom. */
export interface Steps {
  /** One step from each of these nodes, in each of these ways. Nodes without neighbours may be left out. */
  follow(nodes: readonly string[], ways: readonly Way[]): Promise<readonly Neighbours[]>
  /** Other names of these nodes: as near as the nodes themselves. */
  names(nodes: readonly string[], ways: readonly Way[]): Promise<readonly Neighbours[]>
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
const nodesTogether = 250

/**
 * Walks breadth first, level by level, each node once: cycles and diamonds cost what their nodes cost, and no path is ever counted out.
 * To change from one name of a thing to another is no step.
 */
export async function walk(steps: Steps, order: WalkOrder): Promise<Walk> {
  const state: Walk = { nodes: new Map(), cut: new Set(), hidden: new Set(), isFull: false, goesOn: false }
  const roots = [...new Set(order.roots)].filter((root) =>
    reach(state, order, { node: root, distance: 0, from: undefined }),
  )
  let level = await withNames(state, { steps, order, nodes: roots, named: roots, distance: 0 })
  for (let distance = 1; level.length > 0 && !state.isFull && !isThere(order, level); distance += 1) {
    if (distance > order.depth) {
      state.goesOn = await isMoreBehind(state, { steps, order, level })
      break
    }
    level = await nextLevel(state, { steps, order, level, distance })
  }
  return state
}

function isThere({ goals }: WalkOrder, level: readonly string[]): boolean {
  return goals !== undefined && level.some((node) => goals.has(node))
}

interface Level {
  steps: Steps
  order: WalkOrder
}

async function nextLevel(
  state: Walk,
  { level, distance, ...rest }: Level & { level: readonly string[]; distance: number },
): Promise<string[]> {
  const { steps, order } = rest
  const nodes: string[] = []
  const named: string[] = []
  for (const part of inParts(level)) {
    const found = await steps.follow(part, order.ways)
    const added = new Set(takeUnseen(state, order, { found, distance }))
    nodes.push(...added)
    named.push(...found.flatMap((neighbours) => neighbours.named.filter((node) => added.has(node))))
    if (state.isFull) break
  }
  return await withNames(state, { ...rest, nodes, named: [...new Set(named)], distance })
}

/** Adds every other name of the nodes, and the names of those. */
async function withNames(
  state: Walk,
  {
    steps,
    order,
    nodes,
    named,
    distance,
  }: Level & { nodes: readonly string[]; named: readonly string[]; distance: number },
): Promise<string[]> {
  const all = [...nodes]
  let open = [...named]
  while (open.length > 0 && !state.isFull) {
    const added: string[] = []
    for (const part of inParts(open)) {
      const found = await steps.names(part, order.ways)
      added.push(...takeUnseen(state, order, { found, distance }))
      if (state.isFull) break
    }
    all.push(...added)
    open = added
  }
  return all
}

async function isMoreBehind(
  state: Walk,
  { steps, order, level }: Level & { level: readonly string[] },
): Promise<boolean> {
  for (const part of inParts(level)) {
    const found = await steps.follow(part, order.ways)
    if (found.some(({ to }) => to.some((node) => !state.nodes.has(node)))) return true
  }
  return false
}

function takeUnseen(
  state: Walk,
  order: WalkOrder,
  { found, distance }: { found: readonly Neighbours[]; distance: number },
): string[] {
  const added: string[] = []
  for (const { from, to, hidden, isCut } of found) {
    if (isCut) state.cut.add(from)
    for (const node of hidden) state.hidden.add(node)
    for (const node of to) if (reach(state, order, { node, distance, from })) added.push(node)
  }
  return added
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

function* inParts(nodes: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < nodes.length; start += nodesTogether)
    yield nodes.slice(start, start + nodesTogether)
}
