import { cypher } from '../../graph/cypher.ts'

/** Jobs of all namespaces, the last seen first. */
export const listRecentJobsStatement = cypher`
  MATCH (j:Job)
  USING INDEX j:Job(lastSeenAt)
  WHERE j.lastSeenAt IS NOT NULL AND (j.hiddenAt IS NULL OR j.lastSeenAt > j.hiddenAt)
  WITH j ORDER BY j.lastSeenAt DESC SKIP toInteger($offset) LIMIT toInteger($limit)
  RETURN j.namespace AS namespace, j.name AS name
`

/** Jobs that others mention and that have said nothing themselves come behind all others: looked for when those are at their end. */
export const listMentionedJobsStatement = cypher`
  MATCH (j:Job)
  WHERE j.lastSeenAt IS NULL AND j.firstSeenAt IS NOT NULL AND j.hiddenAt IS NULL
  WITH j ORDER BY j.namespace, j.name SKIP toInteger($offset) LIMIT toInteger($limit)
  RETURN j.namespace AS namespace, j.name AS name
`

export const countRecentJobsStatement = cypher`
  MATCH (j:Job)
  USING INDEX j:Job(lastSeenAt)
  WHERE j.lastSeenAt IS NOT NULL AND (j.hiddenAt IS NULL OR j.lastSeenAt > j.hiddenAt)
  RETURN count(j) AS total
`

/** The last seen jobs whose newest run is in one of these states, or that have none; so many are looked at. */
export const listJobsByStateStatement = cypher`
  MATCH (j:Job)
  USING INDEX j:Job(lastSeenAt)
  WHERE j.lastSeenAt IS NOT NULL AND (j.hiddenAt IS NULL OR j.lastSeenAt > j.hiddenAt)
    AND ($namespaces IS NULL OR j.namespace IN $namespaces)
  WITH j ORDER BY j.lastSeenAt DESC LIMIT toInteger($looked)
  CALL (j) {
    OPTIONAL MATCH (r:Run)
    WHERE r.jobNamespace = j.namespace AND r.jobName = j.name AND r.startedAt IS NOT NULL
    WITH r ORDER BY r.jobNamespace DESC, r.jobName DESC, r.startedAt DESC LIMIT 1
    RETURN r.state AS state
  }
  WITH j, state WHERE state IS NULL OR state IN $states
  RETURN j.namespace AS namespace, j.name AS name
  ORDER BY j.lastSeenAt DESC
  SKIP toInteger($offset) LIMIT toInteger($limit)
`

/** Jobs of one namespace by name; further namespaces in their order. */
export const listJobsOfNamespacesStatement = cypher`
  UNWIND $namespaces AS namespace
  MATCH (j:Job)
  USING INDEX j:Job(namespace, name)
  WHERE j.namespace = namespace AND j.name IS NOT NULL AND j.firstSeenAt IS NOT NULL AND (j.hiddenAt IS NULL OR j.lastSeenAt > j.hiddenAt)
  WITH j ORDER BY j.namespace, j.name SKIP toInteger($offset) LIMIT toInteger($limit)
  RETURN j.namespace AS namespace, j.name AS name
`

export const countJobsOfNamespacesStatement = cypher`
  UNWIND $namespaces AS namespace
  MATCH (j:Job)
  USING INDEX j:Job(namespace, name)
  WHERE j.namespace = namespace AND j.name IS NOT NULL AND j.firstSeenAt IS NOT NULL AND (j.hiddenAt IS NULL OR j.lastSeenAt > j.hiddenAt)
  WITH j LIMIT toInteger($counted)
  RETURN count(j) AS total
`

/** A count that Neo4j keeps ready, and the few that are hidden. */
export const countJobsStatement = cypher`
  CALL () { MATCH (:Job)-[:IN]->() RETURN count(*) AS placed }
  CALL () {
    MATCH (j:Job)
    USING INDEX j:Job(hiddenAt)
    WHERE j.hiddenAt IS NOT NULL AND (j.lastSeenAt IS NULL OR j.lastSeenAt <= j.hiddenAt)
    RETURN count(j) AS hidden
  }
  RETURN placed - hidden AS total
`

/** Jobs with what they do now. */
export const readJobsStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  WHERE j.firstSeenAt IS NOT NULL
  RETURN j.namespace AS namespace, j.name AS name, properties(j) AS properties, toString(j.firstSeenAt) AS createdAt,
    toString(coalesce(j.lastSeenAt, j.firstSeenAt)) AS updatedAt, j.hiddenAt >= coalesce(j.lastSeenAt, j.hiddenAt) AS isHidden,
    COLLECT { MATCH (j)-[x:READS]->(d:Dataset) RETURN {namespace: d.namespace, name: d.name, current: x.current} LIMIT toInteger($ties) } AS inputs,
    COLLECT { MATCH (j)-[x:WRITES]->(d:Dataset) RETURN {namespace: d.namespace, name: d.name, current: x.current} LIMIT toInteger($ties) } AS outputs,
    COLLECT { MATCH (j)-[:TAGGED]->(t:Tag) RETURN t {.key, .value} } AS tags,
    COLLECT { MATCH (j)-[:CHILD_OF]->(p:Job) RETURN p {.namespace, .name} ORDER BY p.namespace, p.name LIMIT 1 } AS parents
`

/** What jobs have been, the newest first. A job has few versions. */
export const readJobVersionsStatement = cypher`
  MATCH (j:Job {namespace: $namespace, name: $name})<-[:VERSION_OF]-(v:JobVersion)
  USING INDEX SEEK j:Job(namespace, name)
  WHERE $key IS NULL OR v.key = $key
  WITH j, v ORDER BY v.firstSeenAt DESC, v.key SKIP toInteger($offset) LIMIT toInteger($limit)
  RETURN v.key AS key, v.structure AS structure, toString(v.firstSeenAt) AS createdAt, j.sourceLocation AS location,
    COLLECT { MATCH (r:Run)-[:OF_VERSION]->(v) RETURN r.runId ORDER BY r.startedAt DESC LIMIT 1 } AS runs
`

export const countJobVersionsStatement = cypher`
  MATCH (j:Job {namespace: $namespace, name: $name})<-[:VERSION_OF]-(v:JobVersion)
  USING INDEX SEEK j:Job(namespace, name)
  RETURN count(v) AS total
`
