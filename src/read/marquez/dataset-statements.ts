import { cypher } from '../../graph/cypher.ts'

export const listDatasetsStatement = cypher`
  MATCH (d:Dataset)
  USING INDEX d:Dataset(namespace, name)
  WHERE d.namespace = $namespace AND d.name IS NOT NULL AND d.firstSeenAt IS NOT NULL AND (d.hiddenAt IS NULL OR d.lastSeenAt > d.hiddenAt)
  WITH d ORDER BY d.namespace, d.name SKIP toInteger($offset) LIMIT toInteger($limit)
  RETURN d.namespace AS namespace, d.name AS name
`

export const countDatasetsStatement = cypher`
  MATCH (d:Dataset)
  USING INDEX d:Dataset(namespace, name)
  WHERE d.namespace = $namespace AND d.name IS NOT NULL AND d.firstSeenAt IS NOT NULL AND (d.hiddenAt IS NULL OR d.lastSeenAt > d.hiddenAt)
  WITH d LIMIT toInteger($counted)
  RETURN count(d) AS total
`

/** Datasets as a graph of lineage shows them. */
export const readShortDatasetsStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  WHERE d.firstSeenAt IS NOT NULL
  RETURN d.namespace AS namespace, d.name AS name, d.type AS type, d.description AS description,
    toString(d.firstSeenAt) AS createdAt, toString(coalesce(d.lastSeenAt, d.firstSeenAt)) AS updatedAt,
    toString(d.dataUpdatedAt) AS dataUpdatedAt, d.droppedAt IS NOT NULL AS isDropped, d.writtenChange AS change,
    d.writtenClock AS writtenClock,
    d.hiddenAt >= coalesce(d.lastSeenAt, d.hiddenAt) AS isHidden,
    COLLECT {
      MATCH (d)-[:HAS_FIELD]->(f:Field)
      WHERE f.removedAt IS NULL
      WITH f ORDER BY f.ordinal, f.name LIMIT toInteger($fields)
      RETURN [f.name, f.type, f.description]
    } AS fields,
    COLLECT { MATCH (d)-[:TAGGED]->(t:Tag) RETURN t {.key, .value} } AS tags,
    COLLECT { MATCH (d)-[:HAS_FIELD]->(f:Field)-[:TAGGED]->(t:Tag) RETURN {field: f.name, key: t.key, value: t.value} } AS fieldTags
`

/** What a dataset's own page shows beside that. */
export const readMoreOfDatasetsStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  CALL (row) {
    OPTIONAL MATCH (v:DatasetVersion)
    WHERE v.namespace = row.namespace AND v.dataset = row.name AND v.writtenAt IS NOT NULL
    WITH v ORDER BY v.namespace DESC, v.dataset DESC, v.writtenAt DESC LIMIT 1
    RETURN v.key AS version, toString(v.writtenAt) AS writtenAt
  }
  RETURN d.namespace AS namespace, d.name AS name, properties(d) AS properties, version, writtenAt,
    COLLECT {
      MATCH (d)-[:HAS_FIELD]->(f:Field)<-[x:FEEDS {current: true}]-(s:Field)
      RETURN [f.name, s.namespace, s.dataset, s.name, x.type, x.subtype, x.description] LIMIT toInteger($columns)
    } AS columns
`

export const listVersionsStatement = cypher`
  MATCH (v:DatasetVersion)
  USING INDEX v:DatasetVersion(namespace, dataset, writtenAt)
  WHERE v.namespace = $namespace AND v.dataset = $name AND v.writtenAt IS NOT NULL
  WITH v ORDER BY v.namespace DESC, v.dataset DESC, v.writtenAt DESC SKIP toInteger($offset) LIMIT toInteger($limit)
  RETURN v.key AS key
`

export const countVersionsStatement = cypher`
  MATCH (v:DatasetVersion)
  USING INDEX v:DatasetVersion(namespace, dataset, writtenAt)
  WHERE v.namespace = $namespace AND v.dataset = $name AND v.writtenAt IS NOT NULL
  WITH v LIMIT toInteger($counted)
  RETURN count(v) AS total
`

export const readVersionsStatement = cypher`
  UNWIND $keys AS key
  MATCH (v:DatasetVersion {key: key})
  USING INDEX SEEK v:DatasetVersion(key)
  WHERE v.namespace = $namespace AND v.dataset = $name
  OPTIONAL MATCH (v)-[:HAS_SCHEMA]->(s:SchemaVersion)
  OPTIONAL MATCH (v)<-[:PRODUCED]-(r:Run)
  RETURN v.key AS key, toString(v.writtenAt) AS writtenAt, v.change AS change, s.key AS schema, s.fields AS fields,
    r.runId AS runId, COLLECT { MATCH (r)-[x:WROTE]->(:Dataset {namespace: v.namespace, name: v.dataset}) RETURN properties(x) LIMIT 1 } AS writes
`
