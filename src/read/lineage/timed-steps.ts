import type { GraphTransaction } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asText } from '../../graph/values.ts'
import { currentSteps, toStepParameters, toWayParameters, type FlowOrder } from './flow-steps.ts'
import { groupBy } from '../../project/group-by.ts'
import type { Held } from './held-structures.ts'
import { toFlow, typesOf } from './read-flows.ts'
import type { Neighbours, Steps, Way } from './walk.ts'

/** Edges that are looked at for each neighbour that a fan-out may have: not all of them held. */
const flowsOfNeighbour = 5

/** Every edge of a node that may have held, whoever it was of: a row each. */
const followAllStatement = cypher`
  UNWIND $ids AS id
  MATCH (n) WHERE elementId(n) = id
  CALL (n) {
    CALL (n) {
      WITH n WHERE $isDown
      MATCH (n)-[r:FEEDS|INFLUENCES|WRITES|PRECEDES]->(m) WHERE type(r) IN $types RETURN r, m
      UNION ALL
      WITH n WHERE $isDown
      MATCH (n)<-[r:READS]-(m) WHERE type(r) IN $types RETURN r, m
      UNION ALL
      WITH n WHERE $isUp
      MATCH (n)<-[r:FEEDS|INFLUENCES|WRITES|PRECEDES]-(m) WHERE type(r) IN $types RETURN r, m
      UNION ALL
      WITH n WHERE $isUp
      MATCH (n)-[r:READS]->(m) WHERE type(r) IN $types RETURN r, m
    }
    WITH n, r, m, type(r) AS kind
    WHERE CASE $walked WHEN 'field' THEN n:Field OR m:Field WHEN 'dataset' THEN m:Dataset OR m:Job
        ELSE NOT m:Field AND (kind <> 'FEEDS' OR n:Job OR m:Job OR r.jobName IS NULL) END
      AND ($derivations IS NULL OR r.derivation IS NULL OR r.derivation IN $derivations)
      AND ($jobNamespaces IS NULL OR NOT m:Job OR m.namespace IN $jobNamespaces)
      AND ($jobNamespaces IS NULL OR kind IN ['READS', 'WRITES', 'PRECEDES'] OR r.jobNamespace IN $jobNamespaces)
      AND ($jobTypes IS NULL OR NOT m:Job OR toUpper(m.jobType) IN $jobTypes)
      AND ($jobTypes IS NULL OR kind IN ['READS', 'WRITES', 'PRECEDES'] OR EXISTS {
        MATCH (j:Job {namespace: r.jobNamespace, name: r.jobName}) WHERE toUpper(j.jobType) IN $jobTypes })
    RETURN r, m, kind LIMIT toInteger($flowsOfNode) + 1
  }
  RETURN id AS near, elementId(m) AS far, kind, r.key AS key, r.jobNamespace AS jobNamespace, r.jobName AS jobName,
    CASE WHEN kind IN ['READS', 'WRITES'] THEN
      [startNode(r).namespace, startNode(r).name, endNode(r).namespace, endNode(r).name] END AS sides,
    r.firstSeenAt AS firstSeenAt,
    $visible IS NULL OR m.namespace IN $visible AS isSeen, EXISTS { (m)-[:SAME_AS|PART_OF]-() } AS isNamed
`

/** Steps along the flows that held in a span of time. */
export function timedSteps(tx: GraphTransaction, { order, held }: { order: FlowOrder; held: Held }): Steps {
  const types = order.filter.isControl === true ? [...typesOf[order.kind], 'PRECEDES'] : typesOf[order.kind]
  const flowsOfNode = order.fanOutMax * flowsOfNeighbour
  const parameters = { ...toStepParameters(order), types, walked: order.kind, flowsOfNode }
  const follow = async (nodes: readonly string[], ways: readonly Way[]) => {
    const rows = await tx.run(followAllStatement, { ...parameters, ids: nodes, ...toWayParameters(ways) })
    const found = rows.map((row) => ({
      flow: toFlow(row),
      near: asText(row['near']) ?? '',
      far: asText(row['far']) ?? '',
      isSeen: row['isSeen'] === true,
      isNamed: row['isNamed'] === true,
    }))
    await held.learn(found.map(({ flow }) => flow))
    const admitted = found.filter(({ flow }) => held.admits(flow))
    const counts = groupBy(found, ({ near }) => near)
    return [...groupBy(admitted, ({ near }) => near)].map(([from, reached]): Neighbours => {
      const farOf = (some: typeof reached) => [...new Set(some.map(({ far }) => far))]
      const to = farOf(reached.filter(({ isSeen }) => isSeen))
      return {
        from,
        to: to.slice(0, order.fanOutMax),
        named: farOf(reached.filter(({ isNamed }) => isNamed)),
        hidden: farOf(reached.filter(({ isSeen }) => !isSeen)),
        isCut: to.length > order.fanOutMax || (counts.get(from)?.length ?? 0) > flowsOfNode,
      }
    })
  }
  const current = currentSteps(tx, order)
  return { follow, names: (nodes, ways) => current.names(nodes, ways) }
}
