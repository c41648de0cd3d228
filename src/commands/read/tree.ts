import { toLine, type Look, type Span } from '../look.ts'

export interface TreeChild {
  id: string
  /** Words for why it hangs there. */
  why: readonly Span[]
  /** Whether the same leads back: then it is not drawn back. */
  isTwoWay: boolean
}

export interface TreeGraph {
  /** What hangs on a node. */
  childrenOf(id: string): readonly TreeChild[]
  spansOf(id: string): readonly Span[]
}

const repeatedMark = '*'

/**
 * A graph as a tree in lines. Each node is unfolded once, at the least distance from the root; wherever else it hangs it has a mark and
 * no branches, so that cycles and diamonds end.
 * @returns whether the mark was used
 */
export function toTree(
  root: string,
  graph: TreeGraph,
  look: Look,
): { lines: string[]; hasRepeated: boolean } {
  const parents = findParents(root, graph)
  const lines = [toLine(graph.spansOf(root), look)]
  const unfolded = new Set([root])
  let hasRepeated = false
  // A stack of our own: a chain may be deeper than calls can go.
  const open = toBranches(root, { indent: '', cameFrom: undefined, graph }).toReversed()
  for (let branch = open.pop(); branch !== undefined; branch = open.pop()) {
    const { id, parent, isLast, indent, why } = branch
    const isHome = parents.get(id) === parent && !unfolded.has(id)
    const below = isHome
      ? toBranches(id, { indent: indent + (isLast ? '   ' : '│  '), cameFrom: parent, graph })
      : []
    const isRepeated = !isHome && (id === root || graph.childrenOf(id).length > 0)
    if (isHome) unfolded.add(id)
    if (isRepeated) hasRepeated = true
    const mark: Span[] = isRepeated ? [{ text: ` ${repeatedMark}`, style: 'yellow' }] : []
    const lead: Span = { text: `${indent}${isLast ? '└─ ' : '├─ '}`, style: 'dim' }
    lines.push(toLine([lead, ...graph.spansOf(id), ...mark, ...why], look))
    open.push(...below.toReversed())
  }
  return { lines, hasRepeated }
}

interface Branch {
  id: string
  parent: string
  isLast: boolean
  indent: string
  why: readonly Span[]
}

function toBranches(
  parent: string,
  { indent, cameFrom, graph }: { indent: string; cameFrom: string | undefined; graph: TreeGraph },
): Branch[] {
  const children = graph.childrenOf(parent).filter(({ id, isTwoWay }) => !(isTwoWay && id === cameFrom))
  return children.map(({ id, why }, index) => ({
    id,
    why,
    parent,
    indent,
    isLast: index === children.length - 1,
  }))
}

/** Under which node each is met first, level by level. */
function findParents(root: string, graph: TreeGraph): Map<string, string> {
  const parents = new Map<string, string>()
  let level = [root]
  while (level.length > 0) {
    const next: string[] = []
    for (const parent of level) {
      for (const { id } of graph.childrenOf(parent)) {
        if (id === root || parents.has(id)) continue
        parents.set(id, parent)
        next.push(id)
      }
    }
    level = next
  }
  return parents
}
