import { cypher } from '../../graph/cypher.ts'

/** The versions of datasets, under each of their names, up to a time, the newest first; of each name so many. */
export const readVersionsUpTo = cypher`
  UNWIND $questions AS q
  UNWIND q.names AS name
  CALL (q, name) {
    MATCH (v:DatasetVersion)
    WHERE v.namespace = name.namespace AND v.dataset = name.name AND v.writtenAt <= q.at
    WITH v ORDER BY v.namespace DESC, v.dataset DESC, v.writtenAt DESC LIMIT toInteger($looked)
    RETURN v
  }
  OPTIONAL MATCH (v)<-[:PRODUCED]-(r:Run)
  RETURN q.index AS index, r {.runId, .jobNamespace, .jobName} AS run,
    v {.key, .namespace, .dataset, .version, .writtenAt, .change, .assumed, .rowCount} AS shown
`

/** The versions that producers name. Looked for backwards from a time, and so far: a name has no index, for it may be of any length. */
export const readNamedVersions = cypher`
  UNWIND $questions AS q
  UNWIND q.names AS name
  CALL (q, name) {
    MATCH (v:DatasetVersion)
    WHERE v.namespace = name.namespace AND v.dataset = name.name AND v.writtenAt <= q.until
    WITH v ORDER BY v.namespace DESC, v.dataset DESC, v.writtenAt DESC LIMIT toInteger($looked)
    WITH v WHERE v.version = q.version
    RETURN v LIMIT 20
  }
  RETURN q.index AS index, v {.key, .writtenAt} AS shown
`

/** What else a dataset is called: the same data by SAME_AS, and the name before one that a DatasetEvent declares. */
export const readNames = cypher`
  UNWIND $datasets AS one
  MATCH (d:Dataset {namespace: one.namespace, name: one.name})
  CALL (d) {
    MATCH (d)-[:SAME_AS*1..3]->(o:Dataset) WHERE o <> d RETURN DISTINCT o LIMIT 20
    UNION
    MATCH (d)-[x:RENAMED_FROM]->(o:Dataset) WHERE x.runId IS NULL RETURN o LIMIT 5
  }
  RETURN one.namespace AS namespace, one.name AS name, o.namespace AS otherNamespace, o.name AS otherName
`

/** The name that a dataset had before the run which made this version renamed it. */
export const readFormerNames = cypher`
  UNWIND $keys AS key
  MATCH (r:Run)-[:PRODUCED]->(v:DatasetVersion {key: key})-[:VERSION_OF]->(:Dataset)-[x:RENAMED_FROM]->(old:Dataset)
  WHERE x.runId = r.runId
  RETURN key, old.namespace AS namespace, old.name AS name
`
