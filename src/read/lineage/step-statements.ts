import { cypher } from '../../graph/cypher.ts'

/*
 * One step from each node of a level. `LIMIT` stands in front of the collecting, so that of a hub no more is read than is taken; one
 * more than the fan-out tells that it is cut. A flow that is not current counts while its job has neither completed nor been declared.
 */

/** Between datasets, and the jobs that explicit lineage names in their place. */
export const followDatasetsStatement = cypher`
  UNWIND $ids AS id
  MATCH (n) WHERE elementId(n) = id
  CALL (n) {
    CALL (n) {
      WITH n WHERE $isDown
      MATCH (n)-[r:FEEDS]->(m) RETURN r, m
      UNION ALL
      WITH n WHERE $isUp
      MATCH (n)<-[r:FEEDS]-(m) RETURN r, m
    }
    WITH r, m
    WHERE (m:Dataset OR m:Job)
      AND (r.current OR EXISTS {
        MATCH (j:Job {namespace: r.jobNamespace, name: r.jobName}) WHERE j.version IS NULL AND j.declared IS NULL })
      AND ($derivations IS NULL OR r.derivation IN $derivations)
      AND ($jobNamespaces IS NULL OR r.jobNamespace IN $jobNamespaces)
      AND ($jobTypes IS NULL OR EXISTS {
        MATCH (j:Job {namespace: r.jobNamespace, name: r.jobName}) WHERE toUpper(j.jobType) IN $jobTypes })
    WITH DISTINCT m LIMIT toInteger($fanOut) + 1
    RETURN collect(m) AS found
  }
  WITH id, found[..toInteger($fanOut)] AS found, size(found) > $fanOut AS isCut
  WHERE size(found) > 0
  RETURN id AS from,
    [m IN found WHERE $visible IS NULL OR m.namespace IN $visible | elementId(m)] AS to,
    [m IN found WHERE NOT ($visible IS NULL OR m.namespace IN $visible) | elementId(m)] AS hidden,
    [m IN found WHERE EXISTS { (m)-[:SAME_AS|PART_OF]-() } | elementId(m)] AS named,
    isCut
`

/** Between columns; a dataset that a column influences as a whole, or a job that explicit lineage names, at an end. */
export const followFieldsStatement = cypher`
  UNWIND $ids AS id
  MATCH (n) WHERE elementId(n) = id
  CALL (n) {
    CALL (n) {
      WITH n WHERE $isDown
      MATCH (n)-[r:FEEDS|INFLUENCES]->(m) RETURN r, m
      UNION ALL
      WITH n WHERE $isUp
      MATCH (n)<-[r:FEEDS|INFLUENCES]-(m) RETURN r, m
    }
    WITH n, r, m
    WHERE (n:Field OR m:Field)
      AND (r.current OR EXISTS {
        MATCH (j:Job {namespace: r.jobNamespace, name: r.jobName}) WHERE j.version IS NULL AND j.declared IS NULL })
      AND ($derivations IS NULL OR r.derivation IN $derivations)
      AND ($jobNamespaces IS NULL OR r.jobNamespace IN $jobNamespaces)
      AND ($jobTypes IS NULL OR EXISTS {
        MATCH (j:Job {namespace: r.jobNamespace, name: r.jobName}) WHERE toUpper(j.jobType) IN $jobTypes })
    WITH DISTINCT m LIMIT toInteger($fanOut) + 1
    RETURN collect(m) AS found
  }
  WITH id, found[..toInteger($fanOut)] AS found, size(found) > $fanOut AS isCut
  WHERE size(found) > 0
  RETURN id AS from,
    [m IN found WHERE $visible IS NULL OR m.namespace IN $visible | elementId(m)] AS to,
    [m IN found WHERE NOT ($visible IS NULL OR m.namespace IN $visible) | elementId(m)] AS hidden,
    [m IN found WHERE EXISTS { (m)-[:SAME_AS|PART_OF]-() } | elementId(m)] AS named,
    isCut
`

/** From a dataset to the jobs that read it, from a job to the datasets that it writes, and back; control flow where asked for. */
export const followJobsStatement = cypher`
  UNWIND $ids AS id
  MATCH (n) WHERE elementId(n) = id
  CALL (n) {
    CALL (n) {
      WITH n WHERE $isDown
      MATCH (n)-[r:WRITES|FEEDS|PRECEDES]->(m) RETURN r, m
      UNION ALL
      WITH n WHERE $isDown AND n:Dataset
      MATCH (n)<-[r:READS]-(m) RETURN r, m
      UNION ALL
      WITH n WHERE $isUp
      MATCH (n)<-[r:WRITES|FEEDS|PRECEDES]-(m) RETURN r, m
      UNION ALL
      WITH n WHERE $isUp AND n:Job
      MATCH (n)-[r:READS]->(m) RETURN r, m
    }
    WITH n, r, m
    WHERE (m:Dataset OR m:Job)
      AND (type(r) <> 'FEEDS' OR n:Job OR m:Job OR r.jobName IS NULL)
      AND ($isControl OR type(r) <> 'PRECEDES')
      AND (r.current OR EXISTS {
        MATCH (j:Job {namespace: r.jobNamespace, name: r.jobName}) WHERE j.version IS NULL AND j.declared IS NULL }
        OR (type(r) IN ['READS', 'WRITES'] AND CASE WHEN n:Job THEN n.version IS NULL AND n.declared IS NULL
          ELSE m.version IS NULL AND m.declared IS NULL END))
      AND ($jobNamespaces IS NULL OR NOT m:Job OR m.namespace IN $jobNamespaces)
      AND ($jobTypes IS NULL OR NOT m:Job OR toUpper(m.jobType) IN $jobTypes)
    WITH DISTINCT m LIMIT toInteger($fanOut) + 1
    RETURN collect(m) AS found
  }
  WITH id, found[..toInteger($fanOut)] AS found, size(found) > $fanOut AS isCut
  WHERE size(found) > 0
  RETURN id AS from,
    [m IN found WHERE $visible IS NULL OR m.namespace IN $visible | elementId(m)] AS to,
    [m IN found WHERE NOT ($visible IS NULL OR m.namespace IN $visible) | elementId(m)] AS hidden,
    [m IN found WHERE EXISTS { (m)-[:SAME_AS|PART_OF]-() } | elementId(m)] AS named,
    isCut
`

/** Other names, both ways; from a part to the whole with the flow of data, from the whole to its parts against it. */
export const followNamesStatement = cypher`
  UNWIND $ids AS id
  MATCH (n) WHERE elementId(n) = id
  CALL (n) {
    CALL (n) {
      MATCH (n)-[:SAME_AS]->(m) RETURN m
      UNION ALL
      WITH n WHERE $isDown
      MATCH (n)-[:PART_OF]->(m) RETURN m
      UNION ALL
      WITH n WHERE $isUp
      MATCH (n)<-[:PART_OF]-(m) RETURN m
    }
    WITH DISTINCT m LIMIT toInteger($fanOut) + 1
    RETURN collect(m) AS found
  }
  WITH id, found[..toInteger($fanOut)] AS found, size(found) > $fanOut AS isCut
  WHERE size(found) > 0
  RETURN id AS from,
    [m IN found WHERE $visible IS NULL OR m.namespace IN $visible | elementId(m)] AS to,
    [m IN found WHERE NOT ($visible IS NULL OR m.namespace IN $visible) | elementId(m)] AS hidden,
    [] AS named,
    isCut
`
