import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { fromEntityKey, toContentKey, type EntityKey } from '../openlineage/keys.ts'
import type { Facts } from '../project/facts.ts'
import { facetValue } from '../project/facet-registers.ts'
import { readOwners } from '../project/owners-and-tags.ts'
import type { DatasetNodeChange } from './dataset-changes.ts'
import type { FacetChanges } from './facet-changes.ts'
import type { JobNodeChange } from './job-changes.ts'
import { runRows } from './run-rows.ts'

const findOwnersStatement = cypher`
  UNWIND $rows AS name
  MATCH (o:Owner {name: name})
  USING INDEX SEEK o:Owner(name)
  RETURN o.name AS name
`

const createOwnersStatement = cypher`
  UNWIND $rows AS name
  MERGE (:Owner {name: name})
`

const findOwnsOfJobsStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})<-[x:OWNS]-(:Owner)
  USING INDEX SEEK j:Job(namespace, name)
  RETURN x.key AS key
`

const findOwnsOfDatasetsStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})<-[x:OWNS]-(:Owner)
  USING INDEX SEEK d:Dataset(namespace, name)
  RETURN x.key AS key
`

const deleteOwnsStatement = cypher`
  UNWIND $rows AS key
  MATCH ()-[x:OWNS {key: key}]->()
  USING INDEX SEEK x:OWNS(key)
  DELETE x
`

const createOwnsOfJobsStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  MATCH (o:Owner {name: row.owner})
  USING INDEX SEEK o:Owner(name)
  CREATE (o)-[x:OWNS {key: row.key}]->(j)
  SET x.type = row.type
`

const createOwnsOfDatasetsStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  MATCH (o:Owner {name: row.owner})
  USING INDEX SEEK o:Owner(name)
  CREATE (o)-[x:OWNS {key: row.key}]->(d)
  SET x.type = row.type
`

/**
 * Writes who owns the jobs and datasets whose newest `ownership` is another now: its whole set, nobody else. They are locked; an Owner
 * is not, since all it has is its name. It is created where it is missing and never deleted, so no worker waits for another here.
 */
export async function writeOwners(
  tx: GraphTransaction,
  {
    named,
    jobs,
    datasets,
  }: {
    named: Facts['named']
    jobs: readonly JobNodeChange[]
    datasets: readonly DatasetNodeChange[]
  },
): Promise<void> {
  await createMissing(tx, named)
  const ofJobs = jobs.flatMap(({ job, facets }) => toChange('job', job, facets))
  const ofDatasets = datasets.flatMap(({ dataset, facets }) => toChange('dataset', dataset, facets))
  const present = new Set(
    [
      ...(await runRows(tx, findOwnsOfJobsStatement, ofJobs.filter(hadOwners).map(toName))),
      ...(await runRows(tx, findOwnsOfDatasetsStatement, ofDatasets.filter(hadOwners).map(toName))),
    ].map((row) => String(row['key'])),
  )
  const wanted = new Set([...ofJobs, ...ofDatasets].flatMap(({ rows }) => rows.map(({ key }) => key)))
  await runRows(
    tx,
    deleteOwnsStatement,
    [...present].filter((key) => !wanted.has(key)),
  )
  const toFresh = ({ rows }: OwnershipChange) => rows.filter(({ key }) => !present.has(key))
  await runRows(tx, createOwnsOfJobsStatement, ofJobs.flatMap(toFresh))
  await runRows(tx, createOwnsOfDatasetsStatement, ofDatasets.flatMap(toFresh))
}

async function createMissing(tx: GraphTransaction, { owners }: Facts['named']): Promise<void> {
  const names = [...owners].toSorted()
  const known = new Set((await runRows(tx, findOwnersStatement, names)).map(({ name }) => name))
  await runRows(
    tx,
    createOwnersStatement,
    names.filter((name) => !known.has(name)),
  )
}

interface OwnershipChange {
  entity: EntityKey
  /** Whether there was an ownership facet before. */
  isKnown: boolean
  rows: { namespace: string; name: string; owner: string; type: string | null; key: string }[]
}

function toChange(
  kind: 'job' | 'dataset',
  entity: EntityKey,
  facets: FacetChanges | undefined,
): OwnershipChange[] {
  const ownership = facets?.changed.get('ownership')
  if (facets === undefined || ownership === undefined) return []
  const rows = readOwners(facetValue(ownership)).map(({ name: owner, type = null }) => ({
    ...fromEntityKey(entity),
    owner,
    type,
    key: toContentKey(JSON.stringify([kind, entity, owner, type])),
  }))
  return [{ entity, isKnown: facets.known.has('ownership'), rows }]
}

function hadOwners({ isKnown }: OwnershipChange): boolean {
  return isKnown
}

function toName({ entity }: OwnershipChange) {
  return fromEntityKey(entity)
}
