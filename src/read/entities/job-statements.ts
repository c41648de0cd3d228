import { cypher } from '../../graph/cypher.ts'

/**
 * Jobs, each with its newest run: the end of the index of runs by job, as long as it is cut to one before it is made a map. Times are
 * texts, as `fromDateTimeText` reads them: of a page of 100 the driver's objects take a third of the time.
 */
export const listJobs = {
  inNamespace: cypher`
    MATCH (j:Job)
    WHERE j.namespace = $namespace AND j.name >= $from AND j.name < $to
    WITH j ORDER BY j.namespace, j.name LIMIT toInteger($rows)
    RETURN j {.namespace, .name, .jobType, .integration, .processingType, .description,
        firstSeenAt: toString(j.firstSeenAt), lastSeenAt: toString(j.lastSeenAt)} AS shown,
      COLLECT {
        MATCH (r:Run)
        WHERE r.jobNamespace = j.namespace AND r.jobName = j.name AND r.startedAt IS NOT NULL
        WITH r ORDER BY r.jobNamespace DESC, r.jobName DESC, r.startedAt DESC LIMIT 1
        RETURN r {.runId, .state, startedAt: toString(r.startedAt), endedAt: toString(r.endedAt), .durationMs}
      } AS latest
  `,
  beyond: cypher`
    MATCH (j:Job)
    WHERE j.namespace > $namespace AND j.name IS NOT NULL
    WITH j ORDER BY j.namespace, j.name LIMIT toInteger($rows)
    RETURN j {.namespace, .name, .jobType, .integration, .processingType, .description,
        firstSeenAt: toString(j.firstSeenAt), lastSeenAt: toString(j.lastSeenAt)} AS shown,
      COLLECT {
        MATCH (r:Run)
        WHERE r.jobNamespace = j.namespace AND r.jobName = j.name AND r.startedAt IS NOT NULL
        WITH r ORDER BY r.jobNamespace DESC, r.jobName DESC, r.startedAt DESC LIMIT 1
        RETURN r {.runId, .state, startedAt: toString(r.startedAt), endedAt: toString(r.endedAt), .durationMs}
      } AS latest
  `,
  byName: cypher`
    MATCH (j:Job)
    USING INDEX j:Job(name)
    WHERE j.name >= $from AND j.name < $to AND (j.name > $name OR j.namespace > $namespace)
      AND ($namespaces IS NULL OR j.namespace IN $namespaces)
    WITH j ORDER BY j.name, j.namespace LIMIT toInteger($rows)
    RETURN j {.namespace, .name, .jobType, .integration, .processingType, .description,
        firstSeenAt: toString(j.firstSeenAt), lastSeenAt: toString(j.lastSeenAt)} AS shown,
      COLLECT {
        MATCH (r:Run)
        WHERE r.jobNamespace = j.namespace AND r.jobName = j.name AND r.startedAt IS NOT NULL
        WITH r ORDER BY r.jobNamespace DESC, r.jobName DESC, r.startedAt DESC LIMIT 1
        RETURN r {.runId, .state, startedAt: toString(r.startedAt), endedAt: toString(r.endedAt), .durationMs}
      } AS latest
  `,
}

export const readJob = cypher`
  MATCH (j:Job {namespace: $namespace, name: $name})
  RETURN properties(j) AS properties,
    COLLECT { MATCH (o:Owner)-[x:OWNS]->(j) RETURN o {.name, type: x.type} ORDER BY o.name, x.type } AS owners,
    COLLECT { MATCH (j)-[x:TAGGED]->(t:Tag) RETURN t {.key, .value, source: x.source} ORDER BY t.key, t.value } AS tags
`

/** What a job reads and writes, what it does now first. */
export const readJobDatasets = cypher`
  MATCH (j:Job {namespace: $namespace, name: $name})-[x:READS|WRITES]->(d:Dataset)
  WITH type(x) AS relation, x, d ORDER BY x.current DESC, d.namespace, d.name LIMIT toInteger($rows)
  RETURN d.namespace AS namespace, d.name AS name, relation, x {.current, .firstSeenAt, .lastSeenAt} AS shown
`

/** Parents, children, what runs before and after, and other names; of each kind so many. */
export const readJobRelatives = cypher`
  MATCH (j:Job {namespace: $namespace, name: $name})
  CALL (j) {
    MATCH (j)-[:CHILD_OF]->(o:Job) RETURN o, 'PARENT' AS relation LIMIT toInteger($rows)
    UNION ALL
    MATCH (j)<-[:CHILD_OF]-(o:Job) RETURN o, 'CHILD' AS relation LIMIT toInteger($rows)
    UNION ALL
    MATCH (j)<-[x:PRECEDES]-(o:Job) WHERE x.current RETURN DISTINCT o, 'PREDECESSOR' AS relation LIMIT toInteger($rows)
    UNION ALL
    MATCH (j)-[x:PRECEDES]->(o:Job) WHERE x.current RETURN DISTINCT o, 'SUCCESSOR' AS relation LIMIT toInteger($rows)
    UNION ALL
    MATCH (j)-[:SAME_AS]->(o:Job) RETURN DISTINCT o, 'SAME_AS' AS relation LIMIT toInteger($rows)
  }
  RETURN o.namespace AS namespace, o.name AS name, relation
`

/** The runs of a job that began up to a time, the newest first, behind a position. */
export const readRunsOfJob = cypher`
  MATCH (r:Run)
  WHERE r.jobNamespace = $namespace AND r.jobName = $name AND r.startedAt <= $to
  WITH r WHERE r.startedAt < $to OR r.runId < $behind
  WITH r ORDER BY r.jobNamespace DESC, r.jobName DESC, r.startedAt DESC, r.runId DESC LIMIT toInteger($rows)
  RETURN r {.runId, .state, .startedAt, .endedAt, .durationMs, .nominalStartAt, .attempt, .mapIndex,
    errorMessage: left(r.errorMessage, 300), .jobNamespace, .jobName} AS run,
    COLLECT { MATCH (r)-[:OF_VERSION]->(v:JobVersion) RETURN v.key }[0] AS version
`

/** The versions of a job, the newest begun first. A job has few, except one that makes a version a run. */
export const readJobVersions = cypher`
  MATCH (:Job {namespace: $namespace, name: $name})<-[:VERSION_OF]-(v:JobVersion)
  WHERE v.firstSeenAt < $to OR (v.firstSeenAt = $to AND v.key < $behind)
  WITH v ORDER BY v.firstSeenAt DESC, v.key DESC LIMIT toInteger($rows)
  RETURN v.key AS key, v.structure AS structure, v.firstSeenAt AS firstSeenAt, v.lastSeenAt AS lastSeenAt
`
