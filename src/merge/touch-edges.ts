import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { toDateTime } from '../graph/values.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
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

const tiesEarlierStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})-[x:READS|WRITES]->(:Dataset)
  USING INDEX SEEK j:Job(namespace, name)
  WHERE x.current
  SET x.firstSeenAt = CASE WHEN x.firstSeenAt < row.at THEN x.firstSeenAt ELSE row.at END
`

const tiesLaterStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})-[x:READS|WRITES]->(:Dataset)
  USING INDEX SEEK j:Job(namespace, name)
  WHERE x.current
  SET x.lastSeenAt = CASE WHEN x.lastSeenAt > row.at THEN x.lastSeenAt ELSE row.at END
`

const feedsEarlierStatement = cypher`
  UNWIND $rows AS row
  MATCH ()-[x:FEEDS {jobNamespace: row.namespace, jobName: row.name}]->()
  USING INDEX SEEK x:FEEDS(jobNamespace, jobName)
  WHERE x.current
  SET x.firstSeenAt = CASE WHEN x.firstSeenAt < row.at THEN x.firstSeenAt ELSE row.at END
`

const feedsLaterStatement = cypher`
  UNWIND $rows AS row
  MATCH ()-[x:FEEDS {jobNamespace: row.namespace, jobName: row.name}]->()
  USING INDEX SEEK x:FEEDS(jobNamespace, jobName)
  WHERE x.current
  SET x.lastSeenAt = CASE WHEN x.lastSeenAt > row.at THEN x.lastSeenAt ELSE row.at END
`

const influencesEarlierStatement = cypher`
  UNWIND $rows AS row
  MATCH ()-[x:INFLUENCES {jobNamespace: row.namespace, jobName: row.name}]->()
  USING INDEX SEEK x:INFLUENCES(jobNamespace, jobName)
  WHERE x.current
  SET x.firstSeenAt = CASE WHEN x.firstSeenAt < row.at THEN x.firstSeenAt ELSE row.at END
`

const influencesLaterStatement = cypher`
  UNWIND $rows AS row
  MATCH ()-[x:INFLUENCES {jobNamespace: row.namespace, jobName: row.name}]->()
  USING INDEX SEEK x:INFLUENCES(jobNamespace, jobName)
  WHERE x.current
  SET x.lastSeenAt = CASE WHEN x.lastSeenAt > row.at THEN x.lastSeenAt ELSE row.at END
`

/** By which of its ends the span of a job's current structure has grown: what is known already is not written once more. */
export interface CurrentTouch {
  job: EntityKey
  earlier: Instant | undefined
  later: Instant | undefined
}

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
  touches: readonly CurrentTouch[],
): Promise<void> {
  const earlier = touches.flatMap(({ job, earlier: at }) => toCurrentRow(job, at))
  await runRows(tx, tiesEarlierStatement, earlier)
  await runRows(tx, feedsEarlierStatement, earlier)
  await runRows(tx, influencesEarlierStatement, earlier)
  const later = touches.flatMap(({ job, later: at }) => toCurrentRow(job, at))
  await runRows(tx, tiesLaterStatement, later)
  await runRows(tx, feedsLaterStatement, later)
  await runRows(tx, influencesLaterStatement, later)
}

function toCurrentRow(job: EntityKey, at: Instant | undefined) {
  return at === undefined ? [] : [{ ...fromEntityKey(job), at: toDateTime(at) }]
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
