import { cypher } from '../graph/cypher.ts'

/*
 * Each reads a window of the log from its newest end, by the index on the time, and no more events than it is told: a graph of any
 * age is read as far as the report reaches.
 */

/** Events by producer and by the kinds of their warnings. */
export const countEvents = cypher`
  MATCH (e:Event)
  USING INDEX SEEK e:Event(eventTime)
  WHERE e.eventTime >= $from AND e.eventTime < $to
  WITH e ORDER BY e.eventTime DESC LIMIT $eventsMax
  RETURN e.producer AS producer, e.warnings AS warnings, count(*) AS events,
    min(e.eventTime) AS first, max(e.eventTime) AS last, min(e.id) AS example
`

/** The runs that these events are about: how many completed, and what is missing of them. */
export const countRuns = cypher`
  MATCH (e:Event)
  USING INDEX SEEK e:Event(eventTime)
  WHERE e.eventTime >= $from AND e.eventTime < $to
  WITH e ORDER BY e.eventTime DESC LIMIT $eventsMax
  MATCH (e)-[:ABOUT]->(r:Run)
  WITH e.producer AS producer, r, collect(DISTINCT e.eventType) AS types
  WITH producer, 'COMPLETE' IN types AS isComplete,
    'COMPLETE' IN types AND NOT 'START' IN types
      AND NOT EXISTS { MATCH (s:Event)-[:ABOUT]->(r) WHERE s.eventType = 'START' } AS lacksStart,
    EXISTS { MATCH (r)-[:CHILD_OF]->(p:Run) WHERE p.state IS NULL } AS lacksParent
  RETURN producer, count(*) AS runs,
    sum(CASE WHEN isComplete THEN 1 ELSE 0 END) AS completed,
    sum(CASE WHEN lacksStart THEN 1 ELSE 0 END) AS completeWithoutStart,
    sum(CASE WHEN lacksParent THEN 1 ELSE 0 END) AS missingParent
`

/** Runs that began in the window, long enough ago, and have not ended. Those of streams and services need not. */
export const countUnended = cypher`
  MATCH (r:Run)
  USING INDEX SEEK r:Run(state, startedAt)
  WHERE r.state IN ['START', 'RUNNING', 'OTHER'] AND r.startedAt >= $from AND r.startedAt < $before
  WITH r ORDER BY r.startedAt DESC LIMIT $runsMax
  OPTIONAL MATCH (r)-[:RUN_OF]->(j:Job)
  WITH r, j WHERE NOT coalesce(j.processingType, '') IN ['STREAMING', 'SERVICE']
  CALL (r) {
    MATCH (e:Event)-[:ABOUT]->(r)
    WITH e LIMIT 100
    RETURN max(e.producer) AS producer
  }
  RETURN producer, count(*) AS runs, min(r.runId) AS example
`

/** What completed runs wrote: by job version, which knows the column lineage, and by dataset. */
export const countOutputs = cypher`
  MATCH (e:Event)
  USING INDEX SEEK e:Event(eventTime)
  WHERE e.eventTime >= $from AND e.eventTime < $to
  WITH e ORDER BY e.eventTime DESC LIMIT $eventsMax
  WITH e WHERE e.eventType = 'COMPLETE'
  MATCH (e)-[:ABOUT]->(r:Run)
  WITH DISTINCT e.producer AS producer, r
  MATCH (r)-[:PRODUCED]->(v:DatasetVersion)
  WHERE v.change <> 'DROP'
  OPTIONAL MATCH (r)-[:OF_VERSION]->(jv:JobVersion)
  RETURN producer, jv.key AS jobVersion, v.namespace AS namespace, v.dataset AS name, count(*) AS outputs,
    sum(CASE WHEN EXISTS { (v)-[:HAS_SCHEMA]->() } THEN 1 ELSE 0 END) AS withSchema
`

export const readStructures = cypher`
  UNWIND $keys AS key
  MATCH (v:JobVersion {key: key})
  USING INDEX SEEK v:JobVersion(key)
  RETURN v.key AS key, v.structure AS structure
`

/** The datasets whose columns an entry of explicit lineage explains. Its content begins with the fields, and ends with the target. */
export const readExplainedTargets = cypher`
  UNWIND $keys AS key
  MATCH (c:ColumnLineage {key: key})
  USING INDEX SEEK c:ColumnLineage(key)
  WHERE c.content STARTS WITH '{"fields":{"' AND c.content ENDS WITH '"kind":"DATASET"}}'
  RETURN c.key AS key, c.namespace AS namespace, c.dataset AS name
`
