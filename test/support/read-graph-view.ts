import neo4j from 'neo4j-driver'
import type { Graph, Row } from '../../src/graph/connection.ts'
import { cypher, type Statement } from '../../src/graph/cypher.ts'
import type { JsonValue } from '../../src/openlineage/events.ts'
import { schemaOf, schemaText } from '../model/schemas.ts'
import { instantOf } from '../model/clock.ts'
import { type GraphView, toLine, toLines, type ViewValue } from '../model/graph-view.ts'

/** What the graph says of all that the naive model knows. */
export async function readGraphView(graph: Graph): Promise<GraphView> {
  return await graph.inRead(async (tx) => {
    const view: GraphView = {}
    for (const [heading, statement] of Object.entries(statements)) {
      const rows = await tx.run(statement)
      view[heading] = toLines(rows.map(toRowLine))
    }
    return view
  })
}

/** Each row has a `subject` and the properties in the order of the model's lines. */
const statements: Record<string, Statement> = {
  runs: cypher`
    MATCH (r:Run)
    OPTIONAL MATCH (r)-[:RUN_OF]->(j:Job)
    OPTIONAL MATCH (r)-[:CHILD_OF]->(p:Run)
    OPTIONAL MATCH (r)-[:ROOT]->(root:Run)
    RETURN r.runId AS subject, r.state AS state, r.startedAt AS startedAt, r.endedAt AS endedAt, r.durationMs AS durationMs,
      j.namespace + '/' + j.name AS job, p.runId AS parent, root.runId AS root,
      r.nominalStartAt AS nominalStartAt, r.errorMessage AS errorMessage
  `,
  jobs: cypher`
    MATCH (j:Job)
    RETURN j.namespace + '/' + j.name AS subject, j.description AS description, j.processingType AS processingType,
      j.integration AS integration, j.sql AS sql
  `,
  jobParents: cypher`
    MATCH (j:Job)-[:CHILD_OF]->(p:Job)
    RETURN j.namespace + '/' + j.name + ' in ' + p.namespace + '/' + p.name AS subject
  `,
  reads: cypher`
    MATCH (r:Run)-[e:READ]->(d:Dataset)
    RETURN r.runId + ' ' + d.namespace + '/' + d.name AS subject, e.at AS at, e.version AS version, e.rowCount AS rowCount,
      COLLECT { MATCH (s:SchemaVersion {key: e.schema}) RETURN s.fields }[0] AS schema
  `,
  writes: cypher`
    MATCH (r:Run)-[e:WROTE]->(d:Dataset)
    RETURN r.runId + ' ' + d.namespace + '/' + d.name AS subject, e.at AS at, e.change AS change, e.rowCount AS rowCount
  `,
  jobVersions: cypher`
    MATCH (r:Run)-[:OF_VERSION]->(v:JobVersion)-[:VERSION_OF]->(j:Job)
    WITH r, v, j ORDER BY r.runId
    WITH v, j, collect(r.runId) AS runs
    RETURN j.namespace + '/' + j.name + ':' + reduce(text = '', runId IN runs | text + ' ' + runId) AS subject
  `,
  runTags: cypher`
    MATCH (r:Run)-[e:TAGGED]->(t:Tag) RETURN r.runId + ' TAGGED ' + t.key + '=' + t.value AS subject, e.source AS source
  `,
  jobTags: cypher`
    MATCH (j:Job)-[e:TAGGED]->(t:Tag)
    RETURN j.namespace + '/' + j.name + ' TAGGED ' + t.key + '=' + t.value AS subject, e.source AS source
  `,
  datasetTags: cypher`
    MATCH (d:Dataset)-[e:TAGGED]->(t:Tag)
    RETURN d.namespace + '/' + d.name + ' TAGGED ' + t.key + '=' + t.value AS subject, e.source AS source
    UNION ALL
    MATCH (d:Dataset)-[:HAS_FIELD]->(f:Field)-[e:TAGGED]->(t:Tag)
    RETURN d.namespace + '/' + d.name + '#' + f.name + ' TAGGED ' + t.key + '=' + t.value AS subject, e.source AS source
  `,
  jobOwners: cypher`
    MATCH (o:Owner)-[e:OWNS]->(j:Job) RETURN o.name + ' OWNS ' + j.namespace + '/' + j.name AS subject, e.type AS type
  `,
  datasetOwners: cypher`
    MATCH (o:Owner)-[e:OWNS]->(d:Dataset) RETURN o.name + ' OWNS ' + d.namespace + '/' + d.name AS subject, e.type AS type
  `,
  renames: cypher`
    MATCH (d:Dataset)-[e:RENAMED_FROM]->(f:Dataset)
    RETURN d.namespace + '/' + d.name + ' was ' + f.namespace + '/' + f.name AS subject, e.at AS at, e.runId AS runId
  `,
  sameAs: cypher`
    MATCH (d:Dataset)-[e:SAME_AS]->(f:Dataset)
    RETURN d.namespace + '/' + d.name + ' is ' + f.namespace + '/' + f.name AS subject, e.source AS source
  `,
  sameFields: cypher`
    MATCH (d:Field)-[:SAME_AS]->(f:Field)
    RETURN d.namespace + '/' + d.dataset + '#' + d.name + ' is ' + f.namespace + '/' + f.dataset + '#' + f.name AS subject
  `,
  structure: cypher`
    MATCH (a)-[e:READS|WRITES|FEEDS|INFLUENCES]->(b)
    WITH e, [n IN [a, b] |
      CASE WHEN n:Job AND type(e) = 'FEEDS' THEN 'job:' + n.namespace + '/' + n.name
        WHEN n:Field THEN n.namespace + '/' + n.dataset + '#' + n.name
        ELSE n.namespace + '/' + n.name END] AS ends
    RETURN CASE WHEN type(e) IN ['READS', 'WRITES'] THEN ends[0] + ': '
          ELSE coalesce(e.jobNamespace + '/' + e.jobName + ': ', '') + ends[0] + ' ' END
        + type(e) + ' ' + ends[1] + coalesce(' ' + e.type, '') + coalesce(' ' + e.subtype, '') AS subject,
      e.derivation AS derivation, e.masking AS masking, e.description AS description, e.current AS current
  `,
  datasets: cypher`MATCH (d:Dataset) RETURN d.namespace + '/' + d.name AS subject, d.description AS description, d.droppedAt AS droppedAt`,
  datasetVersions: cypher`
    MATCH (r:Run)-[:PRODUCED]->(v:DatasetVersion)-[:VERSION_OF]->(d:Dataset)
    OPTIONAL MATCH (v)-[:HAS_SCHEMA]->(s:SchemaVersion)
    RETURN d.namespace + '/' + d.name + ' ' + r.runId AS subject, v.version AS version, v.writtenAt AS writtenAt, v.change AS change,
      v.assumed AS assumed, s.fields AS schema
  `,
  fields: cypher`
    MATCH (d:Dataset)-[:HAS_FIELD]->(f:Field)
    RETURN f.namespace + '/' + f.dataset + '#' + f.name AS subject, f.type AS type, f.removedAt IS NOT NULL AS removed
  `,
}

function toRowLine(row: Row): string {
  const { subject, ...values } = row
  return toLine(
    String(subject),
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, toValue(key, value)])),
  )
}

/** Times as nanoseconds since 1970, the fields of a schema as the model writes them; the rest as it is. */
function toValue(key: string, value: unknown): ViewValue {
  if (neo4j.isDateTime(value)) return instantOf(value.toString())
  if (typeof value === 'string' && key === 'schema')
    return schemaText(schemaOf({ fields: JSON.parse(value) as JsonValue }))
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return isPlain ? value : undefined
}
