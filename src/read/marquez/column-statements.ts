import { cypher } from '../../graph/cypher.ts'

export const fieldsOfDatasetStatement = cypher`
  MATCH (d:Dataset)-[:HAS_FIELD]->(f:Field)
  WHERE elementId(d) = $element AND f.removedAt IS NULL
    AND (EXISTS { (f)<-[:FEEDS {current: true}]-(:Field) } OR EXISTS { (f)-[:FEEDS {current: true}]->(:Field) })
  RETURN elementId(f) AS element LIMIT toInteger($fields)
`

export const fieldsOfJobStatement = cypher`
  MATCH (:Field)-[x:FEEDS {jobNamespace: $namespace, jobName: $name}]->(f:Field)
  USING INDEX x:FEEDS(jobNamespace, jobName)
  WHERE x.current
  RETURN DISTINCT elementId(f) AS element LIMIT toInteger($fields)
`

export const stepColumnsUpstreamStatement = cypher`
  UNWIND $nodes AS element
  MATCH (n:Field) WHERE elementId(n) = element
  CALL (n) {
    MATCH (n)<-[:FEEDS {current: true}]-(m:Field)
    RETURN DISTINCT m, false AS isName LIMIT toInteger($fan)
    UNION
    MATCH (n)-[:SAME_AS]->(m:Field)
    RETURN DISTINCT m, true AS isName LIMIT toInteger($fan)
  }
  WITH element, m, isName
  WHERE isName OR NOT EXISTS { MATCH (m)<-[:HAS_FIELD]-(d:Dataset) WHERE d.hiddenAt >= coalesce(d.lastSeenAt, d.hiddenAt) }
  RETURN element, elementId(m) AS to, m.namespace AS namespace, isName
`

export const stepColumnsDownstreamStatement = cypher`
  UNWIND $nodes AS element
  MATCH (n:Field) WHERE elementId(n) = element
  CALL (n) {
    MATCH (n)-[:FEEDS {current: true}]->(m:Field)
    RETURN DISTINCT m, false AS isName LIMIT toInteger($fan)
    UNION
    MATCH (n)-[:SAME_AS]->(m:Field)
    RETURN DISTINCT m, true AS isName LIMIT toInteger($fan)
  }
  WITH element, m, isName
  WHERE isName OR NOT EXISTS { MATCH (m)<-[:HAS_FIELD]-(d:Dataset) WHERE d.hiddenAt >= coalesce(d.lastSeenAt, d.hiddenAt) }
  RETURN element, elementId(m) AS to, m.namespace AS namespace, isName
`

export const readColumnsStatement = cypher`
  UNWIND $nodes AS element
  MATCH (f:Field) WHERE elementId(f) = element
  RETURN element, f.namespace AS namespace, f.dataset AS dataset, f.name AS field, f.type AS type,
    COLLECT { MATCH (f)-[:SAME_AS]->(o:Field) RETURN elementId(o) LIMIT toInteger($fan) } AS names,
    COLLECT {
      MATCH (f)<-[x:FEEDS {current: true}]-(s:Field)
      RETURN [elementId(s), s.namespace, s.dataset, s.name, x.type, x.subtype, x.description] LIMIT toInteger($fan)
    } AS inputs
`

export const newestVersionsStatement = cypher`
  UNWIND $rows AS row
  CALL (row) {
    MATCH (v:DatasetVersion)
    USING INDEX v:DatasetVersion(namespace, dataset, writtenAt)
    WHERE v.namespace = row.namespace AND v.dataset = row.name AND v.writtenAt IS NOT NULL
    RETURN v.key AS key ORDER BY v.namespace DESC, v.dataset DESC, v.writtenAt DESC LIMIT 1
  }
  RETURN row.namespace AS namespace, row.name AS name, key
`
