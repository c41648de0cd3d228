import { cypher } from '../../graph/cypher.ts'
import type { GraphTransaction, Row } from '../../graph/connection.ts'
import type { Reader } from '../../http/access.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import { toNodeId } from '../node-id.ts'
import { nameOf, toNamed } from './shown-names.ts'
import { toPublicProperties, toShown, toShownMap } from './show-value.ts'
import { unknownThing } from './unknown-thing.ts'

const readField = cypher`
  MATCH (f:Field {namespace: $namespace, dataset: $name, name: $field})
  RETURN properties(f) AS properties,
    COLLECT { MATCH (f)-[x:TAGGED]->(t:Tag) RETURN t {.key, .value, source: x.source} ORDER BY t.key, t.value } AS tags
`

/** What flows into a column and out of it, and which datasets it influences; of each kind so many. */
const readFieldFlows = cypher`
  MATCH (f:Field {namespace: $namespace, dataset: $name, name: $field})
  CALL (f) {
    MATCH (f)<-[x:FEEDS]-(o) RETURN o, x, 'SOURCE' AS relation LIMIT toInteger($rows)
    UNION ALL
    MATCH (f)-[x:FEEDS]->(o) RETURN o, x, 'RESULT' AS relation LIMIT toInteger($rows)
    UNION ALL
    MATCH (f)-[x:INFLUENCES]->(o) RETURN o, x, 'INFLUENCED' AS relation LIMIT toInteger($rows)
    UNION ALL
    MATCH (f)-[x:SAME_AS]->(o) RETURN o, x, 'SAME_AS' AS relation LIMIT toInteger($rows)
  }
  RETURN relation, labels(o)[0] AS label, o.namespace AS namespace, coalesce(o.dataset, o.name) AS name,
    CASE WHEN o:Field THEN o.name END AS field,
    x {.jobNamespace, .jobName, .derivation, .type, .subtype, .masking, .description, .current, .firstSeenAt, .lastSeenAt} AS flow
  ORDER BY flow.current DESC, namespace, name, field
`

const readFieldTests = cypher`
  MATCH (:Field {namespace: $namespace, dataset: $name, name: $field})<-[:CHECKS]-(t:TestResult)
  RETURN properties(t) AS properties ORDER BY t.checkedAt DESC LIMIT toInteger($rows)
`

const flowsMax = 200
const testsMax = 20

/**
 * All that is known of one column.
 * @throws {Problem} `node-unknown`
 */
export async function readWholeField(
  tx: GraphTransaction,
  { dataset, field, reader }: { dataset: EntityName; field: string; reader: Reader },
): Promise<Record<string, unknown>> {
  const asked = { ...dataset, field }
  const [[found], flows, tests] = await Promise.all([
    tx.run(readField, asked),
    tx.run(readFieldFlows, { ...asked, rows: flowsMax }),
    tx.run(readFieldTests, { ...asked, rows: testsMax }),
  ])
  if (found === undefined) throw unknownThing({ kind: 'field', ...dataset, field })
  const seenFlows = flows.filter((row) => isSeenFlow(reader, row))
  const related = (relation: string) => seenFlows.filter((row) => row['relation'] === relation)
  return {
    id: toNodeId({ kind: 'field', ...dataset, field }),
    kind: 'field',
    dataset: toNamed('dataset', dataset),
    ...toPublicProperties(found['properties'], { without: ['namespace', 'dataset', 'name'] }),
    name: field,
    tags: toShown(found['tags']),
    sources: related('SOURCE').map(toFlow),
    results: related('RESULT').map(toFlow),
    influences: related('INFLUENCED').map(toFlow),
    sameAs: related('SAME_AS').map(toEnd),
    tests: tests.map(({ properties }) => toPublicProperties(properties)),
    hidden: flows.length - seenFlows.length,
  }
}

function isSeenFlow(reader: Reader, row: Row): boolean {
  const { jobNamespace } = toShownMap(row['flow'])
  return reader.sees(nameOf(row).namespace) && (typeof jobNamespace !== 'string' || reader.sees(jobNamespace))
}

function toFlow(row: Row): Record<string, unknown> {
  const { jobNamespace, jobName, ...flow } = toShownMap(row['flow'])
  const job = { namespace: String(jobNamespace), name: String(jobName) }
  return { ...toEnd(row), ...flow, ...(typeof jobName === 'string' && { job: toNamed('job', job) }) }
}

function toEnd(row: Row): Record<string, unknown> {
  const named = nameOf(row)
  const { label, field } = row
  if (typeof field === 'string') return { id: toNodeId({ kind: 'field', ...named, field }), ...named, field }
  return toNamed(label === 'Job' ? 'job' : 'dataset', named)
}
