import { cypher } from '../../graph/cypher.ts'

/** The newest runs of each job, as short as a list of jobs shows them. */
export const readLatestRunsStatement = cypher`
  UNWIND $rows AS row
  CALL (row) {
    MATCH (r:Run)
    USING INDEX r:Run(jobNamespace, jobName, startedAt)
    WHERE r.jobNamespace = row.namespace AND r.jobName = row.name AND r.startedAt IS NOT NULL
    WITH r ORDER BY r.jobNamespace DESC, r.jobName DESC, r.startedAt DESC LIMIT toInteger($runs)
    RETURN collect([
      r.runId, r.state, toString(r.startedAt), toString(r.endedAt), r.durationMs, toString(r.nominalStartAt),
      toString(r.nominalEndAt), [(r)-[:OF_VERSION]->(v:JobVersion) | v.key][0], r.parameters
    ]) AS runs
  }
  RETURN row.namespace AS namespace, row.name AS name, runs
`

/** Runs of one job, the newest first. */
export const listRunsStatement = cypher`
  MATCH (r:Run)
  USING INDEX r:Run(jobNamespace, jobName, startedAt)
  WHERE r.jobNamespace = $namespace AND r.jobName = $name AND r.startedAt IS NOT NULL
  WITH r ORDER BY r.jobNamespace DESC, r.jobName DESC, r.startedAt DESC SKIP toInteger($offset) LIMIT toInteger($limit)
  RETURN r.runId AS runId
`

export const countRunsStatement = cypher`
  MATCH (r:Run)
  USING INDEX r:Run(jobNamespace, jobName, startedAt)
  WHERE r.jobNamespace = $namespace AND r.jobName = $name AND r.startedAt IS NOT NULL
  WITH r LIMIT toInteger($counted)
  RETURN count(r) AS total
`

/** Runs with their facets, and what they read and wrote. A run that is only mentioned has no job, or no state. */
export const readRunsStatement = cypher`
  UNWIND $runIds AS runId
  MATCH (r:Run {runId: runId})
  USING INDEX SEEK r:Run(runId)
  RETURN r.runId AS runId, properties(r) AS properties, r.jobNamespace AS namespace, r.jobName AS name,
    [
      r.runId, r.state, toString(r.startedAt), toString(r.endedAt), r.durationMs, toString(r.nominalStartAt),
      toString(r.nominalEndAt), [(r)-[:OF_VERSION]->(v:JobVersion) | v.key][0], r.parameters
    ] AS short,
    COLLECT { MATCH (r)-[x:READ]->(d:Dataset) RETURN {namespace: d.namespace, name: d.name, facets: properties(x)} LIMIT toInteger($ties) } AS reads,
    COLLECT { MATCH (r)-[x:WROTE]->(d:Dataset) RETURN {namespace: d.namespace, name: d.name, facets: properties(x)} LIMIT toInteger($ties) } AS writes,
    COLLECT { MATCH (r)-[:PRODUCED]->(v:DatasetVersion) RETURN v {.namespace, .dataset, .key} LIMIT toInteger($ties) } AS produced
`

/** Which version of a dataset was the newest at a time: the one that a run read. */
export const findVersionsReadStatement = cypher`
  UNWIND $rows AS row
  CALL (row) {
    MATCH (v:DatasetVersion)
    USING INDEX v:DatasetVersion(namespace, dataset, writtenAt)
    WHERE v.namespace = row.namespace AND v.dataset = row.name AND v.writtenAt <= row.at
    WITH v ORDER BY v.namespace DESC, v.dataset DESC, v.writtenAt DESC LIMIT 1
    OPTIONAL MATCH (v)<-[:PRODUCED]-(w:Run)
    RETURN v.key AS key, w.runId AS writer
  }
  RETURN row.index AS index, key, writer
`
