import type { GraphTransaction, Row } from '../../graph/connection.ts'
import type { Statement } from '../../graph/cypher.ts'
import type { Reader } from '../../http/access.ts'
import { walk, type Neighbours, type Steps, type Walk, type Way } from '../lineage/walk.ts'
import { stepDownstreamStatement, stepUpstreamStatement } from './lineage-statements.ts'

/** Neighbours looked at of one node. */
export const fanMax = 5000
/** Nodes of one graph at most. */
const nodesMax = 10_000

/**
 * Everything upstream of a node, and everything downstream of it: two walks, so that what only shares a source with it is left out.
 * @param hops jobs on the way at most
 */
export async function walkJobs(
  tx: GraphTransaction,
  { root, isJob, hops, reader }: { root: string; isJob: boolean; hops: number; reader: Reader },
): Promise<Record<Way, Walk>> {
  const depth = hops * stepsOfHop + (isJob ? 1 : 0)
  const go = async (way: Way) =>
    await walk(toSteps(tx, { statement: statements[way], reader }), {
      roots: [root],
      ways: [way],
      depth,
      nodesMax,
    })
  return { upstream: await go('upstream'), downstream: await go('downstream') }
}

/** To a job, and to the datasets on its other side. */
const stepsOfHop = 2

const statements: Readonly<Record<Way, Statement>> = {
  upstream: stepUpstreamStatement,
  downstream: stepDownstreamStatement,
}

function toSteps(
  tx: GraphTransaction,
  { statement, reader }: { statement: Statement; reader: Reader },
): Steps {
  return {
    follow: async (nodes) => toNeighbours(await tx.run(statement, { nodes, fan: fanMax + 1 }), reader),
  }
}

/** Steps of rows with `element`, `to`, `namespace` and `isName`. */
export function toNeighbours(rows: readonly Row[], reader: Reader): Neighbours[] {
  const byNode = new Map<string, { to: string[]; names: string[]; hidden: string[] }>()
  for (const row of rows) {
    const from = String(row['element'])
    const found = byNode.get(from) ?? { to: [], names: [], hidden: [] }
    byNode.set(from, found)
    const to = String(row['to'])
    if (!reader.sees(String(row['namespace']))) found.hidden.push(to)
    else if (row['isName'] === true) found.names.push(to)
    else if (found.to.length < fanMax) found.to.push(to)
  }
  return [...byNode].map(([from, found]) => ({
    from,
    ...found,
    isCut: found.to.length + found.hidden.length >= fanMax,
  }))
}
