import { cypher } from '../../graph/cypher.ts'

/*
 * One step of a walk over what jobs do now, and other names of datasets. A job that has not completed yet has no current edges: those
 * that it has count. What is hidden is not walked to.
 */

export const stepUpstreamStatement = cypher`
  UNWIND $nodes AS element
  MATCH (n) WHERE elementId(n) = element
  CALL (n) {
    WITH n WHERE n:Dataset
    MATCH (n)<-[x:WRITES]-(m:Job)
    WHERE (x.current OR NOT EXISTS { (m)-[:READS|WRITES {current: true}]->() })
    RETURN m, false AS isName LIMIT toInteger($fan)
    UNION
    WITH n WHERE n:Job
    MATCH (n)-[x:READS]->(m:Dataset)
    WHERE (x.current OR NOT EXISTS { (n)-[:READS|WRITES {current: true}]->() })
    RETURN m, false AS isName LIMIT toInteger($fan)
    UNION
    MATCH (n)-[:SAME_AS]->(m:Dataset)
    RETURN m, true AS isName LIMIT toInteger($fan)
  }
  WITH element, m, isName WHERE m.hiddenAt IS NULL OR m.lastSeenAt > m.hiddenAt
  RETURN element, elementId(m) AS to, m.namespace AS namespace, isName
`

export const stepDownstreamStatement = cypher`
  UNWIND $nodes AS element
  MATCH (n) WHERE elementId(n) = element
  CALL (n) {
    WITH n WHERE n:Dataset
    MATCH (n)<-[x:READS]-(m:Job)
    WHERE (x.current OR NOT EXISTS { (m)-[:READS|WRITES {current: true}]->() })
    RETURN m, false AS isName LIMIT toInteger($fan)
    UNION
    WITH n WHERE n:Job
    MATCH (n)-[x:WRITES]->(m:Dataset)
    WHERE (x.current OR NOT EXISTS { (n)-[:READS|WRITES {current: true}]->() })
    RETURN m, false AS isName LIMIT toInteger($fan)
    UNION
    MATCH (n)-[:SAME_AS]->(m:Dataset)
    RETURN m, true AS isName LIMIT toInteger($fan)
  }
  WITH element, m, isName WHERE m.hiddenAt IS NULL OR m.lastSeenAt > m.hiddenAt
  RETURN element, elementId(m) AS to, m.namespace AS namespace, isName
`

export const nameNodesStatement = cypher`
  UNWIND $nodes AS element
  MATCH (n) WHERE elementId(n) = element
  RETURN element, n:Dataset AS isDataset, n.namespace AS namespace, n.name AS name,
    COLLECT { MATCH (n)-[:SAME_AS]->(o:Dataset) RETURN elementId(o) LIMIT toInteger($fan) } AS names
`
