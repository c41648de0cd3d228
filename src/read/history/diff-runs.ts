import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asText } from '../../graph/values.ts'
import type { Reader } from '../../http/access.ts'
import { isJsonObject } from '../../openlineage/json-object.ts'
import { toEntityKey, fromEntityKey, type EntityKey } from '../../openlineage/keys.ts'
import { isChange, toColumnChanges, toColumns } from '../entities/column-changes.ts'
import { isSeenRun, toNamed, toShownRun } from '../entities/shown-names.ts'
import { toShownMap } from '../entities/show-value.ts'
import { unknownThing } from '../entities/unknown-thing.ts'
import { readFieldsOf } from './change-facts.ts'
import { readRunCodes, type RunCode } from './run-code.ts'

const datasetsMax = 1000

const readRunSides = cypher`
  MATCH (r:Run {runId: $runId})
  RETURN r {.runId, .state, .startedAt, .endedAt, .durationMs, .errorMessage, .engine, .engineVersion, .parameters, .jobNamespace, .jobName} AS run,
    COLLECT { MATCH (r)-[:OF_VERSION]->(v:JobVersion) RETURN v.key }[0] AS version,
    COLLECT {
      MATCH (r)-[x:READ]->(d:Dataset)
      RETURN d {.namespace, .name, version: x.version, schema: x.schema, rowCount: x.rowCount, byteCount: x.byteCount}
      LIMIT toInteger($rows)
    } AS reads,
    COLLECT {
      MATCH (r)-[x:WROTE]->(d:Dataset)
      OPTIONAL MATCH (r)-[:PRODUCED]->(v:DatasetVersion {namespace: d.namespace, dataset: d.name})
      RETURN d {.namespace, .name, change: x.change, version: v.version, schema: v.schema, rowCount: x.rowCount, byteCount: x.byteCount}
      LIMIT toInteger($rows)
    } AS writes
`

interface RunSide {
  runId: string
  shown: Record<string, unknown>
  jobVersion: string | undefined
  reads: Map<EntityKey, Record<string, unknown>>
  writes: Map<EntityKey, Record<string, unknown>>
  hidden: number
}

/**
 * What two runs did otherwise: code, engine, parameters, what they read and wrote, versions, columns, counts, time taken.
 * @throws {Problem} `node-unknown`
 */
export async function diffRuns(
  tx: GraphTransaction,
  { from, to, reader }: { from: string; to: string; reader: Reader },
): Promise<Record<string, unknown>> {
  const before = await readSide(tx, from, reader)
  const after = await readSide(tx, to, reader)
  const codes = await readRunCodes(tx, [from, to])
  const tied = [before.reads, before.writes, after.reads, after.writes].flatMap((side) => [...side.values()])
  const fields = await readFieldsOf(tx, [...new Set(tied.flatMap(({ schema }) => asText(schema) ?? []))])
  return {
    from: before.shown,
    to: after.shown,
    differs: differing(before.shown, after.shown, [
      'state',
      'durationMs',
      'errorMessage',
      'engine',
      'engineVersion',
      'parameters',
    ]),
    code: diffCode({ ...codes.get(from) }, { ...codes.get(to) }, { before, after }),
    inputs: diffDatasets(before.reads, after.reads, fields),
    outputs: diffDatasets(before.writes, after.writes, fields),
    hidden: before.hidden + after.hidden,
  }
}

async function readSide(tx: GraphTransaction, runId: string, reader: Reader): Promise<RunSide> {
  const [row] = await tx.run(readRunSides, { runId, rows: datasetsMax })
  if (row === undefined || !isSeenRun(reader, row['run'])) throw unknownThing({ kind: 'run', runId })
  const [reads, writes] = [toDatasets(row, 'reads', reader), toDatasets(row, 'writes', reader)]
  return {
    runId,
    shown: toShownRun(row['run']),
    jobVersion: asText(row['version']),
    reads: reads.seen,
    writes: writes.seen,
    hidden: reads.hidden + writes.hidden,
  }
}

function toDatasets(row: Row, side: 'reads' | 'writes', reader: Reader) {
  const list = row[side]
  const all = Array.isArray(list) ? list.filter(isJsonObject) : []
  const seen = all.filter(({ namespace }) => reader.sees(String(namespace)))
  const entries = seen.map((one): [EntityKey, Record<string, unknown>] => [
    toEntityKey({ namespace: String(one['namespace']), name: String(one['name']) }),
    toShownMap(one),
  ])
  return { seen: new Map(entries), hidden: all.length - seen.length }
}

function diffCode(
  from: RunCode,
  to: RunCode,
  { before, after }: { before: RunSide; after: RunSide },
): Record<string, unknown> {
  const [a, b] = [
    { jobVersion: before.jobVersion, ...from },
    { jobVersion: after.jobVersion, ...to },
  ]
  return differing(a, b, ['jobVersion', 'sql', 'sourceLocation', 'sourceVersion'])
}

/** Members that differ, with both values. */
function differing(
  from: Readonly<Record<string, unknown>>,
  to: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, { from?: unknown; to?: unknown }> {
  const changed = names.filter((name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]))
  return Object.fromEntries(changed.map((name) => [name, { from: from[name], to: to[name] }]))
}

function diffDatasets(
  from: RunSide['reads'],
  to: RunSide['reads'],
  fields: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const changed = [...to].flatMap(([key, after]) => {
    const before = from.get(key)
    if (before === undefined) return []
    const members = differing(before, after, ['version', 'change', 'rowCount', 'byteCount'])
    const columns = toColumnChanges({ from: columnsOf(before, fields), to: columnsOf(after, fields) })
    const isSchemaKnown = before['schema'] !== undefined && after['schema'] !== undefined
    const differs = { ...members, ...(isSchemaKnown && isChange(columns) && { schema: columns }) }
    return Object.keys(differs).length === 0 ? [] : [{ dataset: namedDataset(key), ...differs }]
  })
  return {
    came: [...to.keys()].filter((key) => !from.has(key)).map(namedDataset),
    went: [...from.keys()].filter((key) => !to.has(key)).map(namedDataset),
    changed,
  }
}

function namedDataset(key: EntityKey) {
  return toNamed('dataset', fromEntityKey(key))
}

function columnsOf({ schema }: Record<string, unknown>, fields: ReadonlyMap<string, string>) {
  return toColumns(fields.get(asText(schema) ?? ''))
}
