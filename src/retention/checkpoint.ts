import type { Graph, GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { patiently } from '../graph/patiently.ts'
import { asBytes, toByteArray } from '../graph/values.ts'
import { toContentKey, type EntityKey } from '../openlineage/keys.ts'
import { emptyFacts, type Facts } from '../project/facts.ts'
import { joinFacts } from '../project/join-facts.ts'
import { decodeFacts, encodeFacts } from './facts-text.ts'

/*
 * What was said by events that are not in the log any more, joined: a record for each run that still stands, and one for each job and
 * dataset. A record is what a batch of events would have come to, so a rebuild merges the records in any order, beside the log.
 */

/** Records read or written in one transaction. */
const pageRecords = 50

export type Subject = { run: string } | { job: EntityKey } | { dataset: EntityKey }

export function recordKey(subject: Subject): string {
  if ('run' in subject) return `run ${subject.run}`
  return 'job' in subject ? `job ${toContentKey(subject.job)}` : `dataset ${toContentKey(subject.dataset)}`
}

const readRecordsStatement = cypher`
  UNWIND $keys AS key
  MATCH (c:Checkpoint {key: key})
  USING INDEX SEEK c:Checkpoint(key)
  RETURN c.key AS key, c.payload AS payload
`
const writeRecordsStatement = cypher`
  UNWIND $rows AS row
  MERGE (c:Checkpoint {key: row.key})
  SET c.payload = row.payload
`
const deleteRecordsStatement = cypher`
  UNWIND $keys AS key
  MATCH (c:Checkpoint {key: key})
  USING INDEX SEEK c:Checkpoint(key)
  DELETE c
`

/** @throws {UnreadableCheckpoint} */
export async function readRecords(
  tx: GraphTransaction,
  keys: readonly string[],
): Promise<Map<string, Facts>> {
  const rows = await tx.run(readRecordsStatement, { keys })
  return new Map(
    rows.map((row) => [String(row['key']), decodeFacts(asBytes(row['payload']) ?? Buffer.alloc(0))]),
  )
}

/** Joins facts into the records of these keys. Whose turn it is has them alone. */
export async function addToRecords(tx: GraphTransaction, facts: ReadonlyMap<string, Facts>): Promise<void> {
  if (facts.size === 0) return
  const present = await readRecords(tx, [...facts.keys()])
  const rows = [...facts].map(([key, said]) => {
    const joined = present.get(key) ?? emptyFacts()
    joinFacts(joined, said)
    return { key, payload: toByteArray(encodeFacts(joined)) }
  })
  await tx.run(writeRecordsStatement, { rows })
}

/** Puts other facts in the place of those of these records. */
export async function replaceRecords(
  tx: GraphTransaction,
  records: readonly { key: string; facts: Facts }[],
): Promise<void> {
  const rows = records.map(({ key, facts }) => ({ key, payload: toByteArray(encodeFacts(facts)) }))
  await tx.run(writeRecordsStatement, { rows })
}

export async function deleteRecords(tx: GraphTransaction, keys: readonly string[]): Promise<void> {
  await tx.run(deleteRecordsStatement, { keys })
}

/** A record as it stands. */
export interface CheckpointRecord {
  key: string
  payload: Buffer
}

const readPageStatement = cypher`
  MATCH (c:Checkpoint)
  USING INDEX SEEK c:Checkpoint(key)
  WHERE c.key > $after
  WITH c ORDER BY c.key LIMIT toInteger($limit)
  RETURN c.key AS key, c.payload AS payload
`

/** All records, a page at a time. */
export async function* listRecords(graph: Graph): AsyncGenerator<CheckpointRecord[], void> {
  for (let after = ''; ;) {
    const page = { after, limit: pageRecords }
    const rows = await patiently(() => graph.inRead((tx) => tx.run(readPageStatement, page)))
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows.map((row) => ({
      key: String(row['key']),
      payload: asBytes(row['payload']) ?? Buffer.alloc(0),
    }))
    after = String(last['key'])
  }
}

/** Puts records into a graph, joined with those that are there. */
export async function putRecords(graph: Graph, records: readonly CheckpointRecord[]): Promise<void> {
  await patiently(async () => {
    const facts = new Map(records.map(({ key, payload }) => [key, decodeFacts(payload)]))
    await graph.inWrite((tx) => addToRecords(tx, facts))
  })
}

/** Merges what some records say. */
export async function mergeRecords(
  records: readonly CheckpointRecord[],
  merge: (facts: Facts) => Promise<void>,
): Promise<void> {
  await patiently(async () => {
    const facts = emptyFacts()
    for (const { payload } of records) joinFacts(facts, decodeFacts(payload))
    await merge(facts)
  })
}

/**
 * Merges all that the checkpoint of one graph says into another, or the same. It may be interrupted and done again.
 * @returns how many records there were
 * @throws {UnreadableCheckpoint}
 */
export async function mergeCheckpoint(
  source: Graph,
  { merge, signal }: { merge: (facts: Facts) => Promise<void>; signal: AbortSignal },
): Promise<number> {
  let merged = 0
  for await (const page of listRecords(source)) {
    signal.throwIfAborted()
    await mergeRecords(page, merge)
    merged += page.length
  }
  return merged
}
