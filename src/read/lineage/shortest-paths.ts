/**
 * Some ways that lead to the ends, from a node that has no parents. Parents never lead in a circle.
 * @returns the nodes of each, the first one first
 */
export function shortestPaths({
  ends,
  parentsOf,
  pathsMax,
}: {
  ends: readonly string[]
  parentsOf: (node: string) => readonly string[]
  pathsMax: number
}): string[][] {
  const paths: string[][] = []
  const open = ends.map((end) => [end]).toReversed()
  for (let path = open.pop(); path !== undefined && paths.length < pathsMax; path = open.pop()) {
    const [first = ''] = path
    const parents = parentsOf(first)
    if (parents.length === 0) paths.push(path)
    for (const parent of parents.toReversed()) open.push([parent, ...path])
  }
  return paths
}
