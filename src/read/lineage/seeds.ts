import type { GraphTransaction } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asTexts } from '../../graph/values.ts'
import type { Reader } from '../../http/access.ts'
import type { FoundNode } from './find-nodes.ts'
import type { FlowKind } from './flow-steps.ts'

/** Where a walk begins, for things of other kinds than it walks on. */
export interface Seeds {
  upstream: string[]
  downstream: string[]
}

/** Most nodes that stand for a root: columns of a table, tasks of a DAG. */
const seedsMax = 2_000

const seedDatasetsStatement = cypher`
  MATCH (n) WHERE elementId(n) IN $ids
  CALL (n) {
    WITH n WHERE n:Dataset OR n:Job
    RETURN n AS up, n AS down
    UNION ALL
    MATCH (d:Dataset)-[:HAS_FIELD]->(n) RETURN d AS up, d AS down
    UNION ALL
    MATCH (n)<-[:CHILD_OF*0..10]-(:Job)-[:READS]->(d) RETURN DISTINCT d AS up, null AS down
    UNION ALL
    MATCH (n)<-[:CHILD_OF*0..10]-(:Job)-[:WRITES]->(d) RETURN DISTINCT null AS up, d AS down
    UNION ALL
    MATCH (n:Run)-[:READ]->(d) RETURN d AS up, null AS down
    UNION ALL
    MATCH (n:Run)-[:WROTE]->(d) RETURN null AS up, d AS down
  }
  WITH up, down LIMIT toInteger($max)
  RETURN collect(DISTINCT CASE WHEN $visible IS NULL OR up.namespace IN $visible THEN elementId(up) END) AS upstream,
    collect(DISTINCT CASE WHEN $visible IS NULL OR down.namespace IN $visible THEN elementId(down) END) AS downstream
`

const seedFieldsStatement = cypher`
  MATCH (n) WHERE elementId(n) IN $ids
  CALL (n) {
    WITH n WHERE n:Field OR n:Dataset
    RETURN n AS m
    UNION ALL
    MATCH (n)-[:HAS_FIELD]->(m) RETURN m
    UNION ALL
    MATCH (n)<-[:CHILD_OF*0..10]-(:Job)-[:WRITES]->(:Dataset)-[:HAS_FIELD]->(m) RETURN DISTINCT m
    UNION ALL
    MATCH (n:Run)-[:WROTE]->(:Dataset)-[:HAS_FIELD]->(m) RETURN m
  }
  WITH m LIMIT toInteger($max)
  WITH collect(DISTINCT CASE WHEN $visible IS NULL OR m.namespace IN $visible THEN elementId(m) END) AS seeds
  RETURN seeds AS upstream, seeds AS downstream
`

/** A DAG or an application that moves no data itself stands for its tasks and actions. */
const seedJobsStatement = cypher`
  MATCH (n) WHERE elementId(n) IN $ids
  CALL (n) {
    WITH n WHERE n:Dataset OR n:Job
    RETURN n AS m
    UNION ALL
    MATCH (m:Dataset)-[:HAS_FIELD]->(n) RETURN m
    UNION ALL
    MATCH (n)-[:RUN_OF]->(m:Job) RETURN m
    UNION ALL
    WITH n WHERE n:Job AND ($isRolledUp OR NOT EXISTS { (n)-[:READS|WRITES|FEEDS]-() })
    MATCH (n)<-[:CHILD_OF*1..10]-(m:Job) RETURN DISTINCT m
  }
  WITH m LIMIT toInteger($max)
  WITH collect(DISTINCT CASE WHEN $visible IS NULL OR m.namespace IN $visible THEN elementId(m) END) AS seeds
  RETURN seeds AS upstream, seeds AS downstream
`

const statements = { dataset: seedDatasetsStatement, field: seedFieldsStatement, flow: seedJobsStatement }

/** What stands for the roots in a walk of this kind: a table's columns, what a job reads and writes, the tasks of a DAG. */
export async function findSeeds(
  tx: GraphTransaction,
  {
    roots,
    kind,
    reader,
    isRolledUp,
  }: { roots: readonly FoundNode[]; kind: FlowKind; reader: Reader; isRolledUp: boolean },
): Promise<Seeds> {
  const [row] = await tx.run(statements[kind], {
    ids: roots.map(({ element }) => element),
    visible: reader.namespaces ?? null,
    isRolledUp,
    max: seedsMax,
  })
  return { upstream: asTexts(row?.['upstream']), downstream: asTexts(row?.['downstream']) }
}
