import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { toDateTime } from '../graph/values.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import { runRows } from './run-rows.ts'
import type { Contribution } from './structure-rows.ts'

/** A structure that stands in the graph and was seen again, later (or earlier) than its edges know. */
export type Touch = Omit<Contribution, 'isCurrent' | 'job'> & { job: EntityKey }

const touchReadsStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  UNWIND row.datasets AS dataset
  MATCH (j)-[x:READS]->(d:Dataset {namespace: dataset.namespace, name: dataset.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  SET x.firstSeenAt = CASE WHEN x.firstSeenAt < row.first THEN x.firstSeenAt ELSE row.first END,
    x.lastSeenAt = CASE WHEN x.lastSeenAt > row.last THEN x.lastSeenAt ELSE row.last END
`

const touchWritesStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  UNWIND row.datasets AS dataset
  MATCH (j)-[x:WRITES]->(d:Dataset {namespace: dataset.namespace, name: dataset.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  SET x.firstSeenAt = CASE WHEN x.firstSeenAt < row.first THEN x.firstSeenAt ELSE row.first END,
    x.lastSeenAt = CASE WHEN x.lastSeenAt > row.last THEN x.lastSeenAt ELSE row.last END
`

const touchFeedsStatement = cypher`
  UNWIND $rows AS row
  UNWIND row.keys AS key
  MATCH ()-[x:FEEDS {key: key}]->()
  USING INDEX SEEK x:FEEDS(key)
  SET x.firstSeenAt = CASE WHEN x.firstSeenAt < row.first THEN x.firstSeenAt ELSE row.first END,
    x.lastSeenAt = CASE WHEN x.lastSeenAt > row.last THEN x.lastSeenAt ELSE row.last END
`

const touchInfluencesStatement = cypher`
  UNWIND $rows AS row
  UNWIND row.keys AS key
  MATCH ()-[x:INFLUENCES {key: key}]->()
  USING INDEX SEEK x:INFLUENCES(key)
  SET x.firstSeenAt = CASE WHEN x.firstSeenAt < row.first THEN x.firstSeenAt ELSE row.first END,
    x.lastSeenAt = CASE WHEN x.lastSeenAt > row.last THEN x.lastSeenAt ELSE row.last END
`

const touchCurrentTiesStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})-[x:READS|WRITES]->(:Dataset)
  USING INDEX SEEK j:Job(namespace, name)
  WHERE x.current
  SET x.firstSeenAt = CASE WHEN x.firstSeenAt < row.first THEN x.firstSeenAt ELSE row.first END,
    x.lastSeenAt = CASE WHEN x.lastSeenAt > row.last THEN x.lastSeenAt ELSE row.last END
`

const touchCurrentFeedsStatement = cypher`
  UNWIND $rows AS row
  MATCH ()-[x:FEEDS {jobNamespace: row.namespace, jobName: row.name}]->()
  USING INDEX SEEK x:FEEDS(jobNamespace, jobName)
  WHERE x.current
  SET x.firstSeenAt = CASE WHEN x.firstSeenAt < row.first THEN x.firstSeenAt ELSE row.first END,
    x.lastSeenAt = CASE WHEN x.lastSeenAt > row.last THEN x.lastSeenAt ELSE row.last END
`

const touchCurrentInfluencesStatement = cypher`
  UNWIND $rows AS row
  MATCH ()-[x:INFLUENCES {jobNamespace: row.namespace, jobName: row.name}]->()
  USING INDEX SEEK x:INFLUENCES(jobNamespace, jobName)
  WHERE x.current
  SET x.firstSeenAt = CASE WHEN x.firstSeenAt < row.first THEN x.firstSeenAt ELSE row.first END,
    x.lastSeenAt = CASE WHEN x.lastSeenAt > row.last THEN x.lastSeenAt ELSE row.last END
`

/** Widens the times of edges of former versions by their keys. */
export async function touchEdges(tx: GraphTransaction, touches: readonly Touch[]): Promise<void> {
  await runRows(
    tx,
    touchReadsStatement,
    touches.map(({ structure, ...touch }) => toJobRow(touch, structure.reads)),
  )
  await runRows(
    tx,
    touchWritesStatement,
    touches.map(({ structure, ...touch }) => toJobRow(touch, structure.writes)),
  )
  const feeds = touches.map(({ structure, ...touch }) =>
    toRow(touch, [...structure.feeds, ...structure.fieldFeeds, ...structure.mixedFeeds]),
  )
  await runRows(tx, touchFeedsStatement, feeds.filter(hasKeys))
  const influences = touches.map(({ structure, ...touch }) => toRow(touch, structure.influences))
  await runRows(tx, touchInfluencesStatement, influences.filter(hasKeys))
}

/**
 * Widens the times of all current edges of jobs, which have to be those of their current version and of nothing else: in a steady state
 * most of what a merge writes is this, so that neither their keys are sent nor each is looked for by its own.
 */
export async function touchCurrentEdges(
  tx: GraphTransaction,
  touches: readonly Omit<Touch, 'structure'>[],
): Promise<void> {
  const rows = touches.map(({ job, first, last }) => ({
    ...fromEntityKey(job),
    first: toDateTime(first),
    last: toDateTime(last),
  }))
  await runRows(tx, touchCurrentTiesStatement, rows)
  await runRows(tx, touchCurrentFeedsStatement, rows)
  await runRows(tx, touchCurrentInfluencesStatement, rows)
}

function toJobRow({ job, first, last }: Omit<Touch, 'structure'>, datasets: readonly EntityKey[]) {
  return {
    ...fromEntityKey(job),
    datasets: datasets.map(fromEntityKey),
    first: toDateTime(first),
    last: toDateTime(last),
  }
}

function toRow({ first, last }: Pick<Touch, 'first' | 'last'>, edges: readonly { key: string }[]) {
  return { keys: edges.map(({ key }) => key), first: toDateTime(first), last: toDateTime(last) }
}

function hasKeys({ keys }: { keys: string[] }): boolean {
  return keys.length > 0
}
