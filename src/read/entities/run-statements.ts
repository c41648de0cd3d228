import { cypher } from '../../graph/cypher.ts'

/** Runs that began in a time, the newest first, behind a position. */
export const listRuns = cypher`
  MATCH (r:Run)
  WHERE r.startedAt <= $to AND r.startedAt >= $from
  WITH r WHERE r.startedAt < $to OR r.runId < $behind
  WITH r ORDER BY r.startedAt DESC, r.runId DESC LIMIT toInteger($rows)
  RETURN r {.runId, .state, .startedAt, .endedAt, .durationMs, .nominalStartAt, .attempt, .mapIndex, .presumedLostAt,
    errorMessage: left(r.errorMessage, 300), .jobNamespace, .jobName} AS run
`

/** The same of one state. */
export const listRunsOfState = cypher`
  MATCH (r:Run)
  WHERE r.state = $state AND r.startedAt <= $to AND r.startedAt >= $from
  WITH r WHERE r.startedAt < $to OR r.runId < $behind
  WITH r ORDER BY r.state DESC, r.startedAt DESC, r.runId DESC LIMIT toInteger($rows)
  RETURN r {.runId, .state, .startedAt, .endedAt, .durationMs, .nominalStartAt, .attempt, .mapIndex, .presumedLostAt,
    errorMessage: left(r.errorMessage, 300), .jobNamespace, .jobName} AS run
`

export const readRun = cypher`
  MATCH (r:Run {runId: $runId})
  RETURN properties(r) AS properties,
    COLLECT { MATCH (r)-[:OF_VERSION]->(v:JobVersion) RETURN v.key }[0] AS version,
    COLLECT { MATCH (r)-[:CHILD_OF]->(p:Run) RETURN p {.runId, .state, .startedAt, .endedAt, .jobNamespace, .jobName} }[0] AS parent,
    COLLECT { MATCH (r)-[:ROOT]->(p:Run) RETURN p {.runId, .state, .startedAt, .endedAt, .jobNamespace, .jobName} }[0] AS root,
    COLLECT { MATCH (r)-[x:TAGGED]->(t:Tag) RETURN t {.key, .value, source: x.source} ORDER BY t.key, t.value } AS tags
`

export const readChildren = cypher`
  MATCH (:Run {runId: $runId})<-[:CHILD_OF]-(c:Run)
  WITH c LIMIT toInteger($rows)
  RETURN c {.runId, .state, .startedAt, .endedAt, .durationMs, .jobNamespace, .jobName} AS run
  ORDER BY c.startedAt, c.runId
`

export const readReads = cypher`
  MATCH (:Run {runId: $runId})-[x:READ]->(d:Dataset)
  RETURN d.namespace AS namespace, d.name AS name, properties(x) AS properties
  ORDER BY d.namespace, d.name LIMIT toInteger($rows)
`

/** What it wrote, with the version that came of it where the run has completed. */
export const readWrites = cypher`
  MATCH (r:Run {runId: $runId})-[x:WROTE]->(d:Dataset)
  WITH r, d, x ORDER BY d.namespace, d.name LIMIT toInteger($rows)
  OPTIONAL MATCH (r)-[:PRODUCED]->(v:DatasetVersion {namespace: d.namespace, dataset: d.name})
  RETURN d.namespace AS namespace, d.name AS name, properties(x) AS properties,
    v {.key, .version, .writtenAt, .assumed, .schema} AS version
  ORDER BY namespace, name
`

export const readRunTests = cypher`
  MATCH (:Run {runId: $runId})-[:REPORTED]->(t:TestResult)
  WITH t LIMIT toInteger($rows)
  OPTIONAL MATCH (t)-[:CHECKS]->(checked)
  RETURN properties(t) AS properties, labels(checked)[0] AS label, checked.namespace AS namespace,
    coalesce(checked.dataset, checked.name) AS dataset, CASE WHEN checked:Field THEN checked.name END AS field
  ORDER BY t.status, t.name
`

/** The newest events of a run. */
export const readRunEvents = cypher`
  MATCH (:Run {runId: $runId})<-[:ABOUT]-(e:Event)
  RETURN e {.id, .eventType, .eventTime, .receivedAt, .producer, .warnings} AS event
  ORDER BY e.eventTime DESC, e.id DESC LIMIT toInteger($rows)
`
