import { cypher } from '../../graph/cypher.ts'

export const listDatasets = {
  inNamespace: cypher`
    MATCH (d:Dataset)
    WHERE d.namespace = $namespace AND d.name >= $from AND d.name < $to
    WITH d ORDER BY d.namespace, d.name LIMIT toInteger($rows)
    RETURN d {.namespace, .name, .type, .subType, .description, .firstSeenAt, .lastSeenAt, .droppedAt} AS shown
  `,
  beyond: cypher`
    MATCH (d:Dataset)
    WHERE d.namespace > $namespace AND d.name IS NOT NULL
    WITH d ORDER BY d.namespace, d.name LIMIT toInteger($rows)
    RETURN d {.namespace, .name, .type, .subType, .description, .firstSeenAt, .lastSeenAt, .droppedAt} AS shown
  `,
  byName: cypher`
    MATCH (d:Dataset)
    USING INDEX d:Dataset(name)
    WHERE d.name >= $from AND d.name < $to AND (d.name > $name OR d.namespace > $namespace)
      AND ($namespaces IS NULL OR d.namespace IN $namespaces)
    WITH d ORDER BY d.name, d.namespace LIMIT toInteger($rows)
    RETURN d {.namespace, .name, .type, .subType, .description, .firstSeenAt, .lastSeenAt, .droppedAt} AS shown
  `,
}

/** A dataset with what belongs to it alone; of the rest so many. */
export const readDataset = cypher`
  MATCH (d:Dataset {namespace: $namespace, name: $name})
  RETURN properties(d) AS properties,
    COLLECT { MATCH (o:Owner)-[x:OWNS]->(d) RETURN o {.name, type: x.type} ORDER BY o.name, x.type } AS owners,
    COLLECT { MATCH (d)-[x:TAGGED]->(t:Tag) RETURN t {.key, .value, source: x.source} ORDER BY t.key, t.value } AS tags
`

/** Those that the current schema has come first, in its order. */
export const readFields = cypher`
  MATCH (:Dataset {namespace: $namespace, name: $name})-[:HAS_FIELD]->(f:Field)
  WITH f ORDER BY f.removedAt IS NOT NULL, f.ordinal, f.name LIMIT toInteger($rows)
  RETURN f {.name, .type, .description, .ordinal, .removedAt} AS shown,
    COLLECT { MATCH (f)-[x:TAGGED]->(t:Tag) RETURN t {.key, .value, source: x.source} ORDER BY t.key, t.value } AS tags
`

/** Every other name, with how it is known. Links to the parts of a dataset, which may be many, are cut. */
export const readOtherNames = cypher`
  MATCH (d:Dataset {namespace: $namespace, name: $name})
  CALL (d) {
    MATCH (d)-[x:SAME_AS]->(o:Dataset) RETURN o, x, 'SAME_AS' AS relation
    UNION ALL
    MATCH (d)-[x:PART_OF]->(o:Dataset) RETURN o, x, 'PART_OF' AS relation
    UNION ALL
    MATCH (d)-[x:RENAMED_FROM]->(o:Dataset) RETURN o, x, 'RENAMED_FROM' AS relation
    UNION ALL
    MATCH (d)<-[x:RENAMED_FROM]-(o:Dataset) RETURN o, x, 'RENAMED_TO' AS relation
    UNION ALL
    MATCH (d)<-[x:PART_OF]-(o:Dataset) RETURN o, x, 'HAS_PART' AS relation LIMIT toInteger($rows)
  }
  RETURN o.namespace AS namespace, o.name AS name, relation, x {.source, .type, .at, .runId} AS how
  LIMIT toInteger($rows)
`

/** Jobs that write or read a dataset, those that do so now first, the last first. A hub has thousands: so many are looked at. */
export const readJobsAround = cypher`
  MATCH (d:Dataset {namespace: $namespace, name: $name})
  CALL (d) {
    MATCH (d)<-[x:WRITES]-(j:Job)
    WITH j, x LIMIT toInteger($looked)
    RETURN j, x, 'WRITES' AS relation ORDER BY x.current DESC, x.lastSeenAt DESC LIMIT toInteger($rows)
    UNION ALL
    MATCH (d)<-[x:READS]-(j:Job)
    WITH j, x LIMIT toInteger($looked)
    RETURN j, x, 'READS' AS relation ORDER BY x.current DESC, x.lastSeenAt DESC LIMIT toInteger($rows)
  }
  RETURN j.namespace AS namespace, j.name AS name, relation, x {.current, .firstSeenAt, .lastSeenAt} AS shown
`

/** Versions up to a time, the newest first, behind a position. Of one time they go by their key. */
export const readVersions = cypher`
  MATCH (v:DatasetVersion)
  WHERE v.namespace = $namespace AND v.dataset = $name AND v.writtenAt <= $to
  WITH v WHERE v.writtenAt < $to OR v.key < $key
  WITH v ORDER BY v.namespace DESC, v.dataset DESC, v.writtenAt DESC, v.key DESC LIMIT toInteger($rows)
  OPTIONAL MATCH (v)<-[:PRODUCED]-(r:Run)
  RETURN v {.key, .version, .writtenAt, .change, .assumed, .rowCount, .byteCount, .fileCount, .schema} AS shown,
    r {.runId, .state, .jobNamespace, .jobName} AS run
  ORDER BY shown.writtenAt DESC, shown.key DESC
`
export const readSchema = cypher`
  MATCH (s:SchemaVersion {key: $key})
  RETURN s.fields AS fields
`
