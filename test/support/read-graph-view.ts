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
      j.namespace + '/' + j.name AS job, p.runId AS parent, root.runId AS root
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
  structure: cypher`
    MATCH (j:Job)-[e:READS|WRITES]->(d:Dataset)
    RETURN j.namespace + '/' + j.name + ': ' + type(e) + ' ' + d.namespace + '/' + d.name AS subject,
      null AS derivation, null AS masking, null AS description, e.current AS current
    UNION ALL
    MATCH (a:Dataset)-[e:FEEDS]->(b:Dataset)
    RETURN coalesce(e.jobNamespace + '/' + e.jobName + ': ', '') + a.namespace + '/' + a.name + ' FEEDS ' + b.namespace + '/' + b.name
        AS subject,
      e.derivation AS derivation, null AS masking, null AS description, e.current AS current
    UNION ALL
    MATCH (a:Field)-[e:FEEDS]->(b:Field)
    RETURN coalesce(e.jobNamespace + '/' + e.jobName + ': ', '') + a.namespace + '/' + a.dataset + '#' + a.name + ' FEEDS '
        + b.namespace + '/' + b.dataset + '#' + b.name + ' ' + e.type + coalesce(' ' + e.subtype, '') AS subject,
      null AS derivation, e.masking AS masking, e.description AS description, e.current AS current
    UNION ALL
    MATCH (a:Field)-[e:INFLUENCES]->(b:Dataset)
    RETURN coalesce(e.jobNamespace + '/' + e.jobName + ': ', '') + a.namespace + '/' + a.dataset + '#' + a.name + ' INFLUENCES '
        + b.namespace + '/' + b.name + ' ' + e.type + coalesce(' ' + e.subtype, '') AS subject,
      null AS derivation, e.masking AS masking, e.description AS description, e.current AS current
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
    return `[${schemaText(schemaOf({ fields: JSON.parse(value) as JsonValue }))}]`
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return isPlain ? value : undefined
}
