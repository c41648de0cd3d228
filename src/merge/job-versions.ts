import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { asText, fromDateTimeText, toDateTime } from '../graph/values.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import { toHour, type Instant } from '../openlineage/time.ts'
import type { DerivedWork } from '../project/derive-run.ts'
import { encodeContent, type JobContent } from '../project/job-content.ts'
import type { WorkChange } from './job-work.ts'
import { runRows } from './run-rows.ts'

/** What the graph knows of a JobVersion, after the batch. */
export interface JobVersion {
  key: string
  content: JobContent
  first: Instant
  /** Rounded down to the hour. */
  last: Instant
  /** The greatest clock of its runs. */
  clock: string
  isNew: boolean
  /** Whether its span or clock grew with this batch. */
  hasGrown: boolean
  /** Whether the span grew by what its edges show of it: an earlier beginning, a later hour. */
  beginsEarlier: boolean
  endsLater: boolean
}

const findVersionsStatement = cypher`
  UNWIND $rows AS key
  MATCH (v:JobVersion {key: key})
  USING INDEX SEEK v:JobVersion(key)
  RETURN v.key AS key, toString(v.firstSeenAt) AS first, toString(v.lastSeenAt) AS last, v.clock AS clock
`

const writeVersionsStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  MERGE (v:JobVersion {key: row.key})
  SET v += row.properties
  MERGE (v)-[:VERSION_OF]->(j)
`

const growVersionsStatement = cypher`
  UNWIND $rows AS row
  MATCH (v:JobVersion {key: row.key})
  USING INDEX SEEK v:JobVersion(key)
  SET v += row.properties
`

const unlinkRunsStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run {runId: row.runId})-[x:OF_VERSION]->(:JobVersion)
  USING INDEX SEEK r:Run(runId)
  DELETE x
`

const linkRunsStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run {runId: row.runId})
  USING INDEX SEEK r:Run(runId)
  MATCH (v:JobVersion {key: row.key})
  USING INDEX SEEK v:JobVersion(key)
  MERGE (r)-[x:OF_VERSION]->(v)
  SET x.first = row.first, x.last = row.last, x.clock = row.clock
`

/** A version that has lost a run knows its span again from the runs it has left; without any it goes. */
const remeasureVersionsStatement = cypher`
  UNWIND $rows AS key
  MATCH (v:JobVersion {key: key})
  USING INDEX SEEK v:JobVersion(key)
  OPTIONAL MATCH (:Run)-[x:OF_VERSION]->(v)
  WITH v, key, min(x.first) AS first, max(x.last) AS last, max(x.clock) AS clock
  RETURN key, first, last, clock
`

const setSpansStatement = cypher`
  UNWIND $rows AS row
  MATCH (v:JobVersion {key: row.key})
  USING INDEX SEEK v:JobVersion(key)
  SET v.firstSeenAt = row.first, v.lastSeenAt = row.last, v.clock = row.clock
`

const deleteVersionsStatement = cypher`
  UNWIND $rows AS key
  MATCH (v:JobVersion {key: key})
  USING INDEX SEEK v:JobVersion(key)
  DETACH DELETE v
`

/**
 * Writes which version of its job each run belongs to, and the versions themselves. Versions are guarded by the lock of their job.
 * @returns the versions that runs of the batch belong to now, by key
 */
export async function writeJobVersions(
  tx: GraphTransaction,
  changes: readonly WorkChange[],
): Promise<Map<string, JobVersion>> {
  const works = changes.flatMap(({ after }) =>
    after?.version === undefined ? [] : [{ ...after, version: after.version }],
  )
  const stored = await runRows(tx, findVersionsStatement, [...new Set(works.map(({ version }) => version))])
  const versions = joinVersions(works, stored)
  const jobs = new Map(works.map(({ version, job }) => [version, job]))
  const sorted = [...versions.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const made = sorted
    .filter(({ isNew }) => isNew)
    .map((version) => ({
      key: version.key,
      ...fromEntityKey(jobs.get(version.key) ?? ''),
      properties: { ...toSpan(version), ...toContentProperties(version.content) },
    }))
  await runRows(tx, writeVersionsStatement, made)
  const grown = sorted
    .filter(({ isNew, hasGrown }) => !isNew && hasGrown)
    .map((version) => ({ key: version.key, properties: toSpan(version) }))
  await runRows(tx, growVersionsStatement, grown)

  const left = changes.filter(
    ({ before, after }) => before?.version !== undefined && before.version !== after?.version,
  )
  await runRows(
    tx,
    unlinkRunsStatement,
    left.map(({ runId }) => ({ runId })),
  )
  const linked = changes.filter(
    ({ before, after }) => after?.version !== undefined && !isSameLink(before, after),
  )
  await runRows(tx, linkRunsStatement, linked.map(toLink))
  await remeasure(
    tx,
    left.flatMap(({ before }) => before?.version ?? []),
  )
  return versions
}

function joinVersions(
  works: (DerivedWork & { version: string })[],
  stored: Record<string, unknown>[],
): Map<string, JobVersion> {
  const known = new Map(stored.map((row) => [asText(row['key']), row]))
  const versions = new Map<string, JobVersion>()
  for (const { version: key, content, first, last, clock } of works) {
    const row = known.get(key)
    const before = versions.get(key) ?? (row === undefined ? undefined : toKnownVersion(key, content, row))
    const said = { first, last: toHour(last), clock }
    if (before === undefined) {
      versions.set(key, {
        key,
        content,
        ...said,
        isNew: true,
        hasGrown: true,
        beginsEarlier: true,
        endsLater: true,
      })
      continue
    }
    const beginsEarlier = said.first < before.first
    const endsLater = said.last > before.last
    versions.set(key, {
      ...before,
      first: beginsEarlier ? said.first : before.first,
      last: endsLater ? said.last : before.last,
      clock: said.clock > before.clock ? said.clock : before.clock,
      hasGrown: before.hasGrown || beginsEarlier || endsLater || said.clock > before.clock,
      beginsEarlier: before.beginsEarlier || beginsEarlier,
      endsLater: before.endsLater || endsLater,
    })
  }
  return versions
}

function toKnownVersion(key: string, content: JobContent, row: Record<string, unknown>): JobVersion {
  return {
    key,
    content,
    first: fromDateTimeText(row['first']) ?? '',
    last: fromDateTimeText(row['last']) ?? '',
    clock: asText(row['clock']) ?? '',
    isNew: false,
    hasGrown: false,
    beginsEarlier: false,
    endsLater: false,
  }
}

function toSpan({ first, last, clock }: JobVersion) {
  return { firstSeenAt: toDateTime(first), lastSeenAt: toDateTime(last), clock }
}

/** The content, and once more as lists and texts, which Cypher can compare. */
function toContentProperties(content: JobContent) {
  const { inputs, outputs, sql, source } = content
  return {
    structure: encodeContent(content),
    inputs: inputs.map(toShownName),
    outputs: outputs.map(toShownName),
    sql: sql ?? null,
    source: source ?? null,
  }
}

function toShownName(key: EntityKey): string {
  const { namespace, name } = fromEntityKey(key)
  return `${namespace}/${name}`
}

function isSameLink(before: DerivedWork | undefined, after: DerivedWork | undefined): boolean {
  return (
    before?.version === after?.version &&
    before?.first === after?.first &&
    before?.last === after?.last &&
    before?.clock === after?.clock
  )
}

function toLink({ runId, after }: WorkChange) {
  return { runId, key: after?.version, first: after?.first, last: after?.last, clock: after?.clock }
}

async function remeasure(tx: GraphTransaction, keys: readonly string[]): Promise<void> {
  const spans = await runRows(tx, remeasureVersionsStatement, [...new Set(keys)].toSorted())
  await runRows(
    tx,
    deleteVersionsStatement,
    spans.filter(isEmpty).map(({ key }) => key),
  )
  const rows = spans
    .filter((row) => !isEmpty(row))
    .map(({ key, first, last, clock }) => ({
      key,
      first: toDateTime(String(first)),
      last: toDateTime(toHour(String(last))),
      clock,
    }))
  await runRows(tx, setSpansStatement, rows)
}

function isEmpty(row: Record<string, unknown>): boolean {
  return row['clock'] === null
}
