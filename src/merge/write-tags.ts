import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { asText } from '../graph/values.ts'
import { fromEntityKey } from '../openlineage/keys.ts'
import type { Facts } from '../project/facts.ts'
import { runRows } from './run-rows.ts'
import { toTagChanges, type TaggedThing, type TagRow, type ThingsWithFacets } from './tag-changes.ts'

const findTagsStatement = cypher`
  UNWIND $rows AS row
  MATCH (t:Tag {key: row.key, value: row.value})
  USING INDEX SEEK t:Tag(key, value)
  RETURN t.key AS key, t.value AS value
`

export const createTagsStatement = cypher`
  UNWIND $rows AS row
  MERGE (:Tag {key: row.key, value: row.value})
`

/** Those with a time are people's, and stay. */
const findTagsOfJobsStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})-[x:TAGGED]->(:Tag)
  USING INDEX SEEK j:Job(namespace, name)
  WHERE x.at IS NULL
  RETURN x.key AS key
`

const findTagsOfRunsStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run {runId: row.runId})-[x:TAGGED]->(:Tag)
  USING INDEX SEEK r:Run(runId)
  WHERE x.at IS NULL
  RETURN x.key AS key
`

const findTagsOfDatasetsStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})-[x:TAGGED]->(:Tag)
  USING INDEX SEEK d:Dataset(namespace, name)
  WHERE x.at IS NULL
  RETURN x.key AS key
`

const findTagsOfFieldsStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})-[:HAS_FIELD]->(:Field)-[x:TAGGED]->(:Tag)
  USING INDEX SEEK d:Dataset(namespace, name)
  WHERE x.at IS NULL
  RETURN x.key AS key
`

export const deleteTaggedStatement = cypher`
  UNWIND $rows AS key
  MATCH ()-[x:TAGGED {key: key}]->()
  USING INDEX SEEK x:TAGGED(key)
  DELETE x
`

/** A tag that people give has a time, `at`, as well; one of a facet has none. */
export const tagJobsStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.thing.namespace, name: row.thing.name})
  USING INDEX SEEK j:Job(namespace, name)
  MATCH (t:Tag {key: row.tag, value: row.value})
  USING INDEX SEEK t:Tag(key, value)
  CREATE (j)-[x:TAGGED {key: row.key}]->(t)
  SET x.source = row.source, x.at = row.at
`

const tagRunsStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run {runId: row.thing.runId})
  USING INDEX SEEK r:Run(runId)
  MATCH (t:Tag {key: row.tag, value: row.value})
  USING INDEX SEEK t:Tag(key, value)
  CREATE (r)-[x:TAGGED {key: row.key}]->(t)
  SET x.source = row.source
`

export const tagDatasetsStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.thing.namespace, name: row.thing.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  MATCH (t:Tag {key: row.tag, value: row.value})
  USING INDEX SEEK t:Tag(key, value)
  CREATE (d)-[x:TAGGED {key: row.key}]->(t)
  SET x.source = row.source, x.at = row.at
`

export const tagFieldsStatement = cypher`
  UNWIND $rows AS row
  MATCH (f:Field {namespace: row.thing.namespace, dataset: row.thing.name, name: row.thing.field})
  USING INDEX SEEK f:Field(namespace, dataset, name)
  MATCH (t:Tag {key: row.tag, value: row.value})
  USING INDEX SEEK t:Tag(key, value)
  CREATE (f)-[x:TAGGED {key: row.key}]->(t)
  SET x.source = row.source, x.at = row.at
`

/**
 * Writes the tags of the things whose newest `tags` facet is another now: its whole set, no other. The things are locked, a field by
 * its dataset, so that a relationship which is not there can be created without a look at all that a tag has. A Tag has nothing but
 * its key and value: it is created where it is missing and never deleted, so no worker waits for another here.
 */
export async function writeTags(
  tx: GraphTransaction,
  { named, ...things }: { named: Facts['named'] } & ThingsWithFacets,
): Promise<void> {
  await createMissing(tx, named)
  const { before, rows } = toTagChanges(things)
  const present = await findPresent(tx, before)
  const wanted = new Set(rows.map(({ key }) => key))
  await runRows(
    tx,
    deleteTaggedStatement,
    [...present].filter((key) => !wanted.has(key)),
  )
  const fresh = rows.filter(({ key }) => !present.has(key))
  const of = (kind: TagRow['kind']) => fresh.filter((row) => row.kind === kind)
  await runRows(tx, tagJobsStatement, of('job'))
  await runRows(tx, tagRunsStatement, of('run'))
  await runRows(tx, tagDatasetsStatement, of('dataset'))
  await runRows(tx, tagFieldsStatement, of('field'))
}

async function createMissing(tx: GraphTransaction, { tags }: Facts['named']): Promise<void> {
  const rows = [...tags.keys()].toSorted().flatMap((name) => tags.get(name) ?? [])
  const known = new Set(
    (await runRows(tx, findTagsStatement, rows)).map((row) => JSON.stringify([row['key'], row['value']])),
  )
  await runRows(
    tx,
    createTagsStatement,
    rows.filter(({ key, value }) => !known.has(JSON.stringify([key, value]))),
  )
}

/** The keys of the tags that the things have. */
async function findPresent(tx: GraphTransaction, things: readonly TaggedThing[]): Promise<Set<string>> {
  const runs = things.flatMap((thing) => (thing.kind === 'run' ? [{ runId: thing.id }] : []))
  const namesOf = (kind: 'job' | 'dataset') =>
    things.flatMap((thing) => (thing.kind === kind ? [fromEntityKey(thing.id)] : []))
  const datasets = namesOf('dataset')
  const rows = [
    ...(await runRows(tx, findTagsOfJobsStatement, namesOf('job'))),
    ...(await runRows(tx, findTagsOfRunsStatement, runs)),
    ...(await runRows(tx, findTagsOfDatasetsStatement, datasets)),
    ...(await runRows(tx, findTagsOfFieldsStatement, datasets)),
  ]
  return new Set(rows.flatMap(({ key }) => asText(key) ?? []))
}
