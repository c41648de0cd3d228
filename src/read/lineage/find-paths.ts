import type { GraphTransaction } from '../../graph/connection.ts'
import { flowsBetween } from './find-graph.ts'
import { findNodes } from './find-nodes.ts'
import { toEdge } from './find-lineage.ts'
import { groupBy } from '../../project/group-by.ts'
import { prepareWalk, type PreparedWalk } from './prepare-walk.ts'
import type { LineageQuestion } from './question.ts'
import { readDetails } from './read-details.ts'
import { findSeeds } from './seeds.ts'
import { shortestPaths } from './shortest-paths.ts'
import { followAll, walk, type Walk, type Way } from './walk.ts'

export interface PathAnswer {
  paths: { nodes: string[]; edges: Record<string, unknown>[] }[]
  /** Whether the walk ended before it had seen all that it might go through. */
  truncated: { nodes: boolean; depth: boolean; fanOut: boolean }
  hidden: number
}

/**
 * The shortest ways from one thing to another; none where there is none. The edges of a way are all that join two neighbours of it.
 * @throws {Problem} `node-unknown`, `request-invalid`
 */
export async function findPaths(
  tx: GraphTransaction,
  { to, pathsMax, ...question }: LineageQuestion & { to: string; pathsMax: number },
): Promise<PathAnswer> {
  const prepared = await prepareWalk(tx, question)
  const goals = await findGoals(tx, { prepared, question, to })
  const ways = waysOf(question)
  const roots = [...new Set(ways.flatMap((way) => prepared.seeds[way]))]
  const { depth, nodesMax } = question
  const found = await walk(prepared.steps, { roots, ways, depth, nodesMax, goals: new Set(goals) })
  const reached = goals.filter((goal) => found.nodes.has(goal))
  const least = Math.min(...reached.map((goal) => found.nodes.get(goal)?.distance ?? Infinity))
  const ends = reached.filter((goal) => found.nodes.get(goal)?.distance === least)
  const between = await findBetween(prepared, { found, ends, ways })
  const details = await readDetails(tx, [...between.keys()])
  // A way may lead against the edges.
  const flowsOf = groupBy(flowsBetween(prepared.steps, between), ({ from, to: end }) =>
    [from, end].toSorted().join(' '),
  )
  const idOf = (element: string) => details.get(element)?.id ?? ''
  const paths = shortestPaths({ ends, parentsOf: (element) => between.get(element) ?? [], pathsMax })
  return {
    paths: paths.map((nodes) => ({
      nodes: nodes.map(idOf),
      edges: nodes
        .slice(1)
        .flatMap((node, index) => flowsOf.get([nodes[index] ?? '', node].toSorted().join(' ')) ?? [])
        .map((flow) => toEdge(flow, { idOf, reader: question.reader })),
    })),
    truncated: { nodes: found.isFull, depth: found.goesOn, fanOut: found.cut.size > 0 },
    hidden: found.hidden.size,
  }
}

function waysOf({ direction }: LineageQuestion): Way[] {
  return direction === 'upstream' || direction === 'downstream' ? [direction] : ['upstream', 'downstream']
}

async function findGoals(
  tx: GraphTransaction,
  { prepared, question, to }: { prepared: PreparedWalk; question: LineageQuestion; to: string },
): Promise<string[]> {
  const { reader } = question
  const roots = await findNodes(tx, { ids: [to], reader })
  const seeds = await findSeeds(tx, { roots, kind: prepared.order.kind, reader, isRolledUp: false })
  // What stands for the end of a way lies before it.
  const ways: Way[] = waysOf(question).map((way) => (way === 'upstream' ? 'downstream' : 'upstream'))
  return [...new Set(ways.flatMap((way) => seeds[way]))]
}

/** Everything that lies on a shortest way, with what comes before it there: found backwards from the ends, level by level. */
async function findBetween(
  { steps }: PreparedWalk,
  { found, ends, ways }: { found: Walk; ends: readonly string[]; ways: readonly Way[] },
): Promise<Map<string, string[]>> {
  const back = ways.map((way) => (way === 'upstream' ? 'downstream' : 'upstream'))
  const parents = new Map<string, string[]>()
  let level = [...ends]
  while (level.length > 0) {
    const near = await followAll(steps, level, back)
    const neighbours = new Map(near.map(({ from, to }) => [from, to]))
    const next = new Set<string>()
    for (const node of level) {
      const { distance = 0, from } = found.nodes.get(node) ?? {}
      const nearer = (neighbours.get(node) ?? []).filter(
        (one) => found.nodes.get(one)?.distance === distance - 1,
      )
      // Another name is as near: only that by which the walk came, so that names lead in no circles.
      const before = new Set([...(distance > 0 ? nearer : []), ...(from === undefined ? [] : [from])])
      parents.set(node, [...before])
      for (const one of before) if (!parents.has(one)) next.add(one)
    }
    level = [...next]
  }
  return parents
}
