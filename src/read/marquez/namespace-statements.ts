import { cypher } from '../../graph/cypher.ts'

/**
 * Namespaces by name. When each was first and last heard of is told by so many of its jobs and datasets: to ask all of them would cost
 * the whole graph.
 */
export const listNamespacesStatement = cypher`
  MATCH (n:Namespace)
  USING INDEX n:Namespace(name)
  WHERE n.name IS NOT NULL AND ($namespaces IS NULL OR n.name IN $namespaces)
    AND (NOT $sources OR EXISTS { (n)<-[:IN]-(:Dataset) })
  WITH n ORDER BY n.name SKIP toInteger($offset) LIMIT toInteger($limit)
  CALL (n) {
    CALL (n) {
      MATCH (j:Job) WHERE j.namespace = n.name AND NOT $sources RETURN j AS one LIMIT toInteger($looked)
      UNION ALL
      MATCH (d:Dataset) WHERE d.namespace = n.name RETURN d AS one LIMIT toInteger($looked)
    }
    RETURN min(one.firstSeenAt) AS first, max(coalesce(one.lastSeenAt, one.firstSeenAt)) AS last
  }
  RETURN n.name AS name, toString(first) AS createdAt, toString(last) AS updatedAt
  ORDER BY name
`
