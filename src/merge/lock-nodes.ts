import type { GraphTransaction, Row } from '../graph/connection.ts'
import { cypher, type Statement } from '../graph/cypher.ts'
import { asText, fromDateTimeText } from '../graph/values.ts'
import { isJsonObject } from '../openlineage/json-object.ts'
import { fromEntityKey, toEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import type { DatasetDeclaration } from '../project/facts.ts'
import type { StoredFacets } from './facet-changes.ts'
import { rowKey } from './row-key.ts'

/*
 * The prelude of every merge (`design/merging.md`, 1 and 4): all runs, jobs and datasets that the batch will touch are made where
 * they are missing and locked by a real write, each kind in one sorted statement, before anything is compared or written. So two
 * workers never overwrite each other's newer values, and never wait for each other in a circle.
 *
 * What is made of each row is written out, though parts are alike: of objects that begin with a spread V8 makes a hidden class each.
 */

export interface StoredRun extends StoredFacets {
  accumulated: string | undefined
}

export interface StoredJob extends StoredFacets {
  firstSeenAt: Instant | undefined
  lastSeenAt: Instant | undefined
  /** The JobVersion of the newest run that counts, and that run's clock. Undefined while no run counts. */
  version: string | undefined
  versionClock: string | undefined
  /** Content of the newest JobEvent, as `encodeContent` writes it, and its clock. */
  declared: string | undefined
  declaredClock: string | undefined
  /** Clock and edges (PRECEDES keys) of the newest whole control flow that the job stated as a DAG. */
  controlFlowClock: string | undefined
  controlFlow: string[] | undefined
  /** The links that rules have made of its name, as `encodeLinks` writes them, and the key of those rules. */
  statedLinks: string | undefined
  rulesKey: string | undefined
}

export interface StoredDataset extends StoredFacets {
  firstSeenAt: Instant | undefined
  lastSeenAt: Instant | undefined
  /** Clock and change of the newest DatasetVersion. */
  writtenClock: string | undefined
  writtenChange: string | undefined
  /** Clock and SchemaVersion of the newest DatasetVersion that has a schema. */
  writtenSchemaClock: string | undefined
  writtenSchema: string | undefined
  /** What its DatasetEvents declare. */
  declared: DatasetDeclaration
  /** The links that it states itself, as `encodeLinks` writes them. */
  statedLinks: string | undefined
  /** Whether it is the same as some other dataset, whoever says so. */
  isAliased: boolean
  /** The key of the rules under which links were made of its name. */
  rulesKey: string | undefined
}

const lockRunsStatement = cypher`
  UNWIND $runIds AS runId
  MERGE (r:Run {runId: runId})
  SET r.lock = true
  RETURN r.runId AS runId, r.accumulated AS accumulated, r.facetClocks AS facetClocks, r.facets_other AS facetsOther
`

/** Every run by its id, locked; those that were not there are stubs now. */
export async function lockRuns(
  tx: GraphTransaction,
  runIds: Iterable<string>,
): Promise<Map<string, StoredRun>> {
  const rows = await tx.run(lockRunsStatement, { runIds: [...runIds].toSorted() })
  return new Map(
    rows.map((row) => [
      String(row['runId']),
      {
        accumulated: asText(row['accumulated']),
        facetClocks: asText(row['facetClocks']),
        facetsOther: asText(row['facetsOther']),
      },
    ]),
  )
}

const lockJobsStatement = cypher`
  UNWIND $names AS row
  MERGE (j:Job {namespace: row.namespace, name: row.name})
  SET j.lock = true
  RETURN j.namespace AS namespace, j.name AS name, toString(j.firstSeenAt) AS firstSeenAt,
    toString(j.lastSeenAt) AS lastSeenAt, j.facetClocks AS facetClocks, j.facets_other AS facetsOther, j.version AS version, j.versionClock AS versionClock,
    j.declared AS declared, j.declaredClock AS declaredClock,
    j.controlFlowClock AS controlFlowClock, j.controlFlow AS controlFlow,
    j.statedLinks AS statedLinks, j.rulesKey AS rulesKey
`

export async function lockJobs(
  tx: GraphTransaction,
  keys: Iterable<EntityKey>,
): Promise<Map<EntityKey, StoredJob>> {
  const rows = await lockNamed(tx, lockJobsStatement, keys)
  return new Map(
    rows.map((row) => [
      rowKey(row),
      {
        facetClocks: asText(row['facetClocks']),
        facetsOther: asText(row['facetsOther']),
        firstSeenAt: fromDateTimeText(row['firstSeenAt']),
        lastSeenAt: fromDateTimeText(row['lastSeenAt']),
        version: asText(row['version']),
        versionClock: asText(row['versionClock']),
        declared: asText(row['declared']),
        declaredClock: asText(row['declaredClock']),
        controlFlowClock: asText(row['controlFlowClock']),
        controlFlow: Array.isArray(row['controlFlow']) ? row['controlFlow'].map(String) : undefined,
        statedLinks: asText(row['statedLinks']),
        rulesKey: asText(row['rulesKey']),
      },
    ]),
  )
}

const lockDatasetsStatement = cypher`
  UNWIND $names AS row
  MERGE (d:Dataset {namespace: row.namespace, name: row.name})
  SET d.lock = true
  RETURN d.namespace AS namespace, d.name AS name, toString(d.firstSeenAt) AS firstSeenAt,
    toString(d.lastSeenAt) AS lastSeenAt, d.facetClocks AS facetClocks, d.facets_other AS facetsOther, d.writtenClock AS writtenClock,
    d.writtenChange AS writtenChange, d.writtenSchemaClock AS writtenSchemaClock, d.writtenSchema AS writtenSchema,
    CASE WHEN coalesce(d.declaredSchemaClock, d.declaredLineageClock, d.declaredColumnLineageClock, d.declaredChangeClock) IS NOT NULL
    THEN d {.declaredSchemaClock, .declaredSchema, .declaredLineageClock, .declaredLineage, .declaredColumnLineageClock,
      .declaredColumnLineage, .declaredChangeClock, .declaredChange} END AS declared,
    d.statedLinks AS statedLinks, EXISTS { (d)-[:SAME_AS]->() } AS isAliased,
    d.rulesKey AS rulesKey
`

export async function lockDatasets(
  tx: GraphTransaction,
  keys: Iterable<EntityKey>,
): Promise<Map<EntityKey, StoredDataset>> {
  const rows = await lockNamed(tx, lockDatasetsStatement, keys)
  return new Map(
    rows.map((row) => [
      rowKey(row),
      {
        facetClocks: asText(row['facetClocks']),
        facetsOther: asText(row['facetsOther']),
        firstSeenAt: fromDateTimeText(row['firstSeenAt']),
        lastSeenAt: fromDateTimeText(row['lastSeenAt']),
        writtenClock: asText(row['writtenClock']),
        writtenChange: asText(row['writtenChange']),
        writtenSchemaClock: asText(row['writtenSchemaClock']),
        writtenSchema: asText(row['writtenSchema']),
        declared: toDeclaration(row['declared']),
        statedLinks: asText(row['statedLinks']),
        isAliased: row['isAliased'] === true,
        rulesKey: asText(row['rulesKey']),
      },
    ]),
  )
}

function toDeclaration(declared: unknown): DatasetDeclaration {
  if (!isJsonObject(declared)) return {}
  const read = (name: string) => {
    const clock = asText(declared[`${name}Clock`])
    return clock === undefined ? undefined : { clock, value: asText(declared[name]) ?? null }
  }
  return {
    schema: read('declaredSchema'),
    lineage: read('declaredLineage'),
    columnLineage: read('declaredColumnLineage'),
    change: read('declaredChange'),
  }
}

/** Somebody would have to delete the same name each time that we wait for it. */
const LOCK_TRIES_MAX = 10

/**
 * Locks names in their order. What somebody has deleted while we waited for it (a name that nothing but a link stood for) comes back
 * without properties: it is made anew.
 */
async function lockNamed(
  tx: GraphTransaction,
  statement: Statement,
  keys: Iterable<EntityKey>,
): Promise<Row[]> {
  const rows: Row[] = []
  let names = toNames(keys)
  for (let tries = 0; names.length > 0; tries++) {
    if (tries === LOCK_TRIES_MAX) throw new Error(`${names.length} names could not be locked`)
    const found = (await tx.run(statement, { names })).filter((row) => asText(row['name']) !== undefined)
    rows.push(...found)
    const locked = new Set(found.map(rowKey))
    names = names.filter((name) => !locked.has(toEntityKey(name)))
  }
  return rows
}

function toNames(keys: Iterable<EntityKey>): { namespace: string; name: string }[] {
  return [...new Set(keys)].toSorted().map(fromEntityKey)
}
