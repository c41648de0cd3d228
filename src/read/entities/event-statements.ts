import { cypher } from '../../graph/cypher.ts'

/** Events of a time, the newest first, behind a position, with what each is about. */
export const listEvents = cypher`
  MATCH (e:Event)
  WHERE e.eventTime <= $to AND e.eventTime >= $from
  WITH e WHERE e.eventTime < $to OR e.id < $behind
  WITH e ORDER BY e.eventTime DESC, e.id DESC LIMIT toInteger($rows)
  OPTIONAL MATCH (e)-[:ABOUT]->(about)
  RETURN e {.id, .eventType, .eventTime, .receivedAt, .producer, .warnings} AS event, labels(about)[0] AS label,
    coalesce(about.jobNamespace, about.namespace) AS namespace, coalesce(about.jobName, about.name) AS name, about.runId AS runId
  ORDER BY event.eventTime DESC, event.id DESC
`

export const listEventsOfRun = cypher`
  MATCH (about:Run {runId: $runId})<-[:ABOUT]-(e:Event)
  WHERE e.eventTime <= $to AND e.eventTime >= $from AND (e.eventTime < $to OR e.id < $behind)
  WITH e, about ORDER BY e.eventTime DESC, e.id DESC LIMIT toInteger($rows)
  RETURN e {.id, .eventType, .eventTime, .receivedAt, .producer, .warnings} AS event, 'Run' AS label,
    about.jobNamespace AS namespace, about.jobName AS name, about.runId AS runId
`

/** Its JobEvents, and the events of its runs: of so many that had begun by then, the newest. */
export const listEventsOfJob = cypher`
  MATCH (j:Job {namespace: $namespace, name: $name})
  CALL (j) {
    MATCH (j)<-[:ABOUT]-(e:Event) RETURN e, j AS about, 'Job' AS label
    UNION ALL
    MATCH (r:Run)
    WHERE r.jobNamespace = $namespace AND r.jobName = $name AND r.startedAt <= $to
    WITH r ORDER BY r.jobNamespace DESC, r.jobName DESC, r.startedAt DESC LIMIT toInteger($runs)
    MATCH (r)<-[:ABOUT]-(e:Event) RETURN e, r AS about, 'Run' AS label
  }
  WITH e, about, label
  WHERE e.eventTime <= $to AND e.eventTime >= $from AND (e.eventTime < $to OR e.id < $behind)
  WITH e, about, label ORDER BY e.eventTime DESC, e.id DESC LIMIT toInteger($rows)
  RETURN e {.id, .eventType, .eventTime, .receivedAt, .producer, .warnings} AS event, label,
    $namespace AS namespace, $name AS name, about.runId AS runId
`

/** Its DatasetEvents, and the events of the runs that made its versions: of so many written by then or later, the newest. */
export const listEventsOfDataset = cypher`
  MATCH (d:Dataset {namespace: $namespace, name: $name})
  CALL (d) {
    MATCH (d)<-[:ABOUT]-(e:Event) RETURN e, d AS about, 'Dataset' AS label
    UNION ALL
    MATCH (v:DatasetVersion)
    WHERE v.namespace = $namespace AND v.dataset = $name AND v.writtenAt IS NOT NULL
    WITH v ORDER BY v.namespace DESC, v.dataset DESC, v.writtenAt DESC LIMIT toInteger($runs)
    MATCH (v)<-[:PRODUCED]-(r:Run)<-[:ABOUT]-(e:Event) RETURN e, r AS about, 'Run' AS label
  }
  WITH e, about, label
  WHERE e.eventTime <= $to AND e.eventTime >= $from AND (e.eventTime < $to OR e.id < $behind)
  WITH e, about, label ORDER BY e.eventTime DESC, e.id DESC LIMIT toInteger($rows)
  RETURN e {.id, .eventType, .eventTime, .receivedAt, .producer, .warnings} AS event, label,
    coalesce(about.jobNamespace, about.namespace) AS namespace, coalesce(about.jobName, about.name) AS name, about.runId AS runId
`

export const readEvent = cypher`
  MATCH (e:Event {id: $id})
  OPTIONAL MATCH (e)-[:ABOUT]->(about)
  RETURN e.payload AS payload, coalesce(about.jobNamespace, about.namespace) AS namespace
`
