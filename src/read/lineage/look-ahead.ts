import type { GraphTransaction } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asTexts } from '../../graph/values.ts'
import type { FlowSteps } from './flow-steps.ts'
import type { Seeds } from './seeds.ts'
import { followAll, type Neighbours, type Way } from './walk.ts'

/*
 * A walk asks once a level, and most of the time of a small level goes into asking. Neo4j can run along the flows between datasets, or
 * between columns, by itself: what it meets is asked for at once, before the walk comes to it. It decides nothing: the walk goes by
 * what each node has around it, and asks for those that were not met as before.
 */

/** Most nodes that are looked at before a walk comes to them, in each way. */
const aheadMax = 500
/** The same in both ways at once: nearly all that is joined to the roots is walked to. */
const aheadInEitherMax = 5_000
/** A walk of fewer steps asks few questions as it is, and would come to little of what is met. */
const depthMin = 10

const meetDownstreamStatement = cypher`
  UNWIND $ids AS id
  MATCH (root) WHERE elementId(root) = id
  CALL (root) {
    WITH root WHERE NOT root:Job
    RETURN root AS n
    UNION ALL
    WITH root WHERE root:Job
    MATCH (root)-[:WRITES]->(n)
    RETURN n
  }
  MATCH (n)-[:FEEDS|SAME_AS|PART_OF*0..10]->(m)
  WITH DISTINCT m LIMIT toInteger($max)
  WITH collect(m) AS met
  CALL (met) {
    UNWIND met AS m
    RETURN m AS n
    UNION
    UNWIND CASE $walked WHEN 'flow' THEN met END AS m
    MATCH (m:Dataset)<-[:READS]-(n)
    RETURN n
  }
  WITH n LIMIT toInteger($max)
  RETURN collect(elementId(n)) AS met
`

const meetUpstreamStatement = cypher`
  UNWIND $ids AS id
  MATCH (root) WHERE elementId(root) = id
  CALL (root) {
    WITH root WHERE NOT root:Job
    RETURN root AS n
    UNION ALL
    WITH root WHERE root:Job
    MATCH (root)-[:READS]->(n)
    RETURN n
  }
  MATCH (n)<-[:FEEDS|SAME_AS|PART_OF*0..10]-(m)
  WITH DISTINCT m LIMIT toInteger($max)
  WITH collect(m) AS met
  CALL (met) {
    UNWIND met AS m
    RETURN m AS n
    UNION
    UNWIND CASE $walked WHEN 'flow' THEN met END AS m
    MATCH (m:Dataset)<-[:WRITES]-(n)
    RETURN n
  }
  WITH n LIMIT toInteger($max)
  RETURN collect(elementId(n)) AS met
`

/** Every way that joins two things. In flows, jobs and datasets take turns; else no job is walked to. */
const meetEitherStatement = cypher`
  UNWIND $ids AS id
  MATCH (n) WHERE elementId(n) = id
  MATCH (n)-[:READS|WRITES|FEEDS|SAME_AS|PART_OF*0..20]-(m)
  WITH DISTINCT m LIMIT toInteger($max)
  WITH m WHERE $walked = 'flow' OR NOT m:Job
  RETURN collect(elementId(m)) AS met
`

/** What runs along the flows, by the way that it goes. */
export const aheadStatements = {
  upstream: meetUpstreamStatement,
  downstream: meetDownstreamStatement,
  either: meetEitherStatement,
}

/** The walks that are to come, by the ways that each goes at once. */
interface Ahead {
  seeds: Seeds
  walks: readonly (readonly Way[])[]
  depth: number
  walked: string
  nodesMax: number
}

/** Steps that know already what lies around much of what walks from these seeds will come to. */
export async function lookAhead(tx: GraphTransaction, steps: FlowSteps, ahead: Ahead): Promise<FlowSteps> {
  if (ahead.depth < depthMin) return steps
  const known = new Map<string, Map<string, Neighbours | undefined>>()
  await Promise.all(
    ahead.walks.map(async (ways) => {
      const met = await meet(tx, ways, ahead)
      const around = new Map<string, Neighbours | undefined>(met.map((node) => [node, undefined]))
      for (const one of await followAll(steps, met, ways)) around.set(one.from, one)
      known.set(ways.join(), around)
    }),
  )
  return {
    ...steps,
    follow: async (nodes, ways) => {
      const around = known.get(ways.join())
      if (around === undefined) return await steps.follow(nodes, ways)
      const unmet = nodes.filter((node) => !around.has(node))
      const met = nodes.flatMap((node) => around.get(node) ?? [])
      return unmet.length === 0 ? met : [...met, ...(await steps.follow(unmet, ways))]
    },
  }
}

async function meet(
  tx: GraphTransaction,
  ways: readonly Way[],
  { seeds, walked, nodesMax }: Ahead,
): Promise<string[]> {
  const [way, other] = ways
  if (way === undefined) return []
  const isEither = other !== undefined
  const [row] = await tx.run(aheadStatements[isEither ? 'either' : way], {
    ids: [...new Set(ways.flatMap((one) => seeds[one]))],
    max: isEither ? Math.min(nodesMax, aheadInEitherMax) : aheadMax,
    walked,
  })
  return asTexts(row?.['met'])
}
