import { cypher } from '../../graph/cypher.ts'

/*
 * What lies around each node of a level: its flows, each with all that an answer says of it, and its other names, so that a level costs
 * one question. `LIMIT` stands in front of the collecting, so that of a hub no more is read than is taken; one more than the limit tells
 * that it is cut. Names come first, so that those of a hub are taken in any case; parts last, for a table may have thousands. From a part
 * to the whole leads the flow of data, from the whole to its parts the way against it. A flow that is not current counts while its job
 * has neither completed nor been declared. What CASE asks last is asked of few edges only; as a part of OR it would be asked of all.
 */

/** In one way. Each type of edge is asked for in its own direction: a dataset that thousands read is not looked through for who writes it. */
export const followStatement = cypher`
  UNWIND $ids AS id
  MATCH (n) WHERE elementId(n) = id
  CALL (n) {
    CALL (n) {
      MATCH (n)-[r:SAME_AS]->(m) RETURN r, m
      UNION ALL
      WITH n WHERE $isDown
      MATCH (n)-[r:PART_OF]->(m) RETURN r, m
      UNION ALL
      WITH n WHERE $isDown
      MATCH (n)-[r:FEEDS|INFLUENCES]->(m)
      WHERE CASE $walked WHEN 'flow' THEN NOT m:Field AND (r.jobName IS NULL OR n:Job OR m:Job)
          WHEN 'field' THEN n:Field OR m:Field ELSE NOT m:Field END
        AND CASE WHEN $isInTime OR coalesce(r.current, true) THEN true ELSE EXISTS {
          MATCH (j:Job {namespace: r.jobNamespace, name: r.jobName}) USING INDEX j:Job(namespace, name) WHERE j.version IS NULL AND j.declared IS NULL } END
      RETURN r, m
      UNION ALL
      WITH n WHERE $isDown AND $walked = 'flow'
      MATCH (n)-[r:WRITES|PRECEDES]->(m)
      WHERE CASE type(r) WHEN 'PRECEDES' THEN $isControl AND ($isInTime OR r.current)
        ELSE $isInTime OR r.current OR (startNode(r).version IS NULL AND startNode(r).declared IS NULL) END
      RETURN r, m
      UNION ALL
      WITH n WHERE $isDown AND $walked = 'flow'
      MATCH (n)<-[r:READS]-(m)
      WHERE $isInTime OR r.current OR (m.version IS NULL AND m.declared IS NULL)
      RETURN r, m
      UNION ALL
      WITH n WHERE $isUp
      MATCH (n)<-[r:FEEDS|INFLUENCES]-(m)
      WHERE CASE $walked WHEN 'flow' THEN NOT m:Field AND (r.jobName IS NULL OR n:Job OR m:Job)
          WHEN 'field' THEN n:Field OR m:Field ELSE NOT m:Field END
        AND CASE WHEN $isInTime OR coalesce(r.current, true) THEN true ELSE EXISTS {
          MATCH (j:Job {namespace: r.jobNamespace, name: r.jobName}) USING INDEX j:Job(namespace, name) WHERE j.version IS NULL AND j.declared IS NULL } END
      RETURN r, m
      UNION ALL
      WITH n WHERE $isUp AND $walked = 'flow'
      MATCH (n)<-[r:WRITES|PRECEDES]-(m)
      WHERE CASE type(r) WHEN 'PRECEDES' THEN $isControl AND ($isInTime OR r.current)
        ELSE $isInTime OR r.current OR (startNode(r).version IS NULL AND startNode(r).declared IS NULL) END
      RETURN r, m
      UNION ALL
      WITH n WHERE $isUp AND $walked = 'flow'
      MATCH (n)-[r:READS]->(m)
      WHERE $isInTime OR r.current OR (n.version IS NULL AND n.declared IS NULL)
      RETURN r, m
      UNION ALL
      WITH n WHERE $isUp
      MATCH (n)<-[r:PART_OF]-(m) RETURN r, m
    }
    WITH n, r, m, type(r) AS kind
    WHERE ($derivations IS NULL OR coalesce(r.derivation IN $derivations, true))
      AND ($jobNamespaces IS NULL OR kind IN ['SAME_AS', 'PART_OF'] OR (
        (NOT m:Job OR m.namespace IN $jobNamespaces)
        AND (kind IN ['READS', 'WRITES', 'PRECEDES'] OR r.jobNamespace IN $jobNamespaces)))
      AND CASE
        WHEN $jobTypes IS NULL OR kind IN ['SAME_AS', 'PART_OF'] THEN true
        WHEN m:Job AND NOT coalesce(toUpper(m.jobType) IN $jobTypes, false) THEN false
        WHEN kind IN ['READS', 'WRITES', 'PRECEDES'] THEN true
        ELSE EXISTS { MATCH (j:Job {namespace: r.jobNamespace, name: r.jobName}) USING INDEX j:Job(namespace, name)
          WHERE toUpper(j.jobType) IN $jobTypes }
      END
    RETURN r, m, kind LIMIT toInteger($flowsOfNode) + 1
  }
  RETURN id AS near, collect([elementId(m), $visible IS NULL OR m.namespace IN $visible, kind, elementId(r), startNode(r) = n,
    r.key, r.jobNamespace, r.jobName, r.derivation, r.current, r.type, r.subtype, r.masking, r.description, r.source,
    toString(r.firstSeenAt), toString(r.lastSeenAt),
    CASE WHEN $isInTime AND kind IN ['READS', 'WRITES'] THEN
      [startNode(r).namespace, startNode(r).name, endNode(r).namespace, endNode(r).name] END]) AS found
`

/**
 * In both ways at once: one look at a node's edges instead of one for each direction. A flow is found from both its ends; what is to be
 * said of it comes with the end that data goes to, which seldom is a hub. In a span of time both ends need it, to tell whether it held.
 */
export const followBothStatement = cypher`
  UNWIND $ids AS id
  MATCH (n) WHERE elementId(n) = id
  CALL (n) {
    CALL (n) {
      MATCH (n)-[r:SAME_AS|PART_OF]->(m) RETURN r, m
      UNION ALL
      MATCH (n)-[r:FEEDS|INFLUENCES]-(m)
      WHERE CASE $walked WHEN 'flow' THEN NOT m:Field AND (r.jobName IS NULL OR n:Job OR m:Job)
          WHEN 'field' THEN n:Field OR m:Field ELSE NOT m:Field END
        AND CASE WHEN $isInTime OR coalesce(r.current, true) THEN true ELSE EXISTS {
          MATCH (j:Job {namespace: r.jobNamespace, name: r.jobName}) USING INDEX j:Job(namespace, name) WHERE j.version IS NULL AND j.declared IS NULL } END
      RETURN r, m
      UNION ALL
      WITH n WHERE $walked = 'flow'
      MATCH (n)-[r:READS|WRITES|PRECEDES]-(m)
      WHERE CASE type(r) WHEN 'PRECEDES' THEN $isControl AND ($isInTime OR r.current)
        ELSE $isInTime OR r.current OR (startNode(r).version IS NULL AND startNode(r).declared IS NULL) END
      RETURN r, m
      UNION ALL
      MATCH (n)<-[r:PART_OF]-(m) RETURN r, m
    }
    WITH n, r, m, type(r) AS kind
    WHERE ($derivations IS NULL OR coalesce(r.derivation IN $derivations, true))
      AND ($jobNamespaces IS NULL OR kind IN ['SAME_AS', 'PART_OF'] OR (
        (NOT m:Job OR m.namespace IN $jobNamespaces)
        AND (kind IN ['READS', 'WRITES', 'PRECEDES'] OR r.jobNamespace IN $jobNamespaces)))
      AND CASE
        WHEN $jobTypes IS NULL OR kind IN ['SAME_AS', 'PART_OF'] THEN true
        WHEN m:Job AND NOT coalesce(toUpper(m.jobType) IN $jobTypes, false) THEN false
        WHEN kind IN ['READS', 'WRITES', 'PRECEDES'] THEN true
        ELSE EXISTS { MATCH (j:Job {namespace: r.jobNamespace, name: r.jobName}) USING INDEX j:Job(namespace, name)
          WHERE toUpper(j.jobType) IN $jobTypes }
      END
    RETURN r, m, kind LIMIT toInteger($flowsOfNode) + 1
  }
  RETURN id AS near, collect(CASE WHEN $isInTime OR m = n OR kind = 'SAME_AS' OR (kind = 'READS') = (startNode(r) = n) THEN
    [elementId(m), $visible IS NULL OR m.namespace IN $visible, kind, elementId(r), startNode(r) = n,
      r.key, r.jobNamespace, r.jobName, r.derivation, r.current, r.type, r.subtype, r.masking, r.description, r.source,
      toString(r.firstSeenAt), toString(r.lastSeenAt),
      CASE WHEN $isInTime AND kind IN ['READS', 'WRITES'] THEN
        [startNode(r).namespace, startNode(r).name, endNode(r).namespace, endNode(r).name] END]
    ELSE [elementId(m), $visible IS NULL OR m.namespace IN $visible, kind] END) AS found
`
