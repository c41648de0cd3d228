import { groupBy } from '../../project/group-by.ts'

/** An edge of an answer, between nodes told by any one string each. */
export interface Edge {
  from: string
  to: string
  kind: string
  current?: boolean | undefined
  derivation?: string | undefined
  /** What it leads through that is not shown. */
  via?: readonly string[]
}

/**
 * The edges between the nodes that are shown. Where a way leads through others, one edge takes its place, `via` them: `current` where all
 * of a way is, and as well known as the least known of its parts.
 */
export function foldNodes<E extends Edge>(
  edges: readonly E[],
  isShown: (node: string) => boolean,
): (E | Edge)[] {
  const kept = edges.filter(({ from, to }) => isShown(from) && isShown(to))
  const leaving = groupBy(edges, ({ from }) => from)
  const starts = new Set(
    edges.filter(({ from, to }) => isShown(from) && !isShown(to)).map(({ from }) => from),
  )
  return [...kept, ...[...starts].flatMap((start) => bridgesFrom(start, { leaving, isShown }))]
}

interface Bridge {
  via: readonly string[]
  current: boolean
  derivation: string | undefined
}

function bridgesFrom(
  start: string,
  { leaving, isShown }: { leaving: ReadonlyMap<string, readonly Edge[]>; isShown: (node: string) => boolean },
): Edge[] {
  const ways = new Map<string, Bridge>([[start, { via: [], current: true, derivation: undefined }]])
  const ends = new Map<string, Bridge>()
  // A Map gives what is added to it while it is read: breadth first.
  for (const [node, way] of ways) {
    for (const edge of leaving.get(node) ?? []) {
      const longer = lengthen(way, edge)
      if (!isShown(edge.to)) {
        if (!ways.has(edge.to)) ways.set(edge.to, { ...longer, via: [...way.via, edge.to] })
      } else if (node !== start && edge.to !== start) ends.set(edge.to, unite(ends.get(edge.to), longer))
    }
  }
  return [...ends].map(([to, { via, current, derivation }]) => ({
    from: start,
    to,
    kind: 'FEEDS',
    current,
    ...(derivation !== undefined && { derivation }),
    via,
  }))
}

function lengthen(way: Bridge, { current = true, derivation }: Edge): Bridge {
  return {
    via: way.via,
    current: way.current && current,
    derivation: weaker(way.derivation, derivation),
  }
}

function unite(a: Bridge | undefined, b: Bridge): Bridge {
  if (a === undefined) return b
  return { ...a, via: [...new Set([...a.via, ...b.via])], current: a.current || b.current }
}

const strengths = ['IO', 'COLUMN', 'EXPLICIT']

function weaker(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return strengths.indexOf(a) <= strengths.indexOf(b) ? a : b
}
