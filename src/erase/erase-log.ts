import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Graph, GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { patiently } from '../graph/patiently.ts'
import { toByteArray } from '../graph/values.ts'
import { readChanges } from '../log/changes.ts'
import type { LoggedEvent } from '../log/logged-event.ts'
import { readPeopleChange } from '../log/people-change.ts'
import { readLog } from '../log/read-log.ts'
import { toEntityKey } from '../openlineage/keys.ts'
import { isJsonObject, readText } from '../openlineage/json-object.ts'
import type { Facts } from '../project/facts.ts'
import { deleteRecords, listRecords, recordKey, replaceRecords } from '../retention/checkpoint.ts'
import { decodeFacts } from '../retention/facts-text.ts'
import type { Erased, Redaction } from './redact-mention.ts'

/** Where something is mentioned, and what becomes of it there. */
export interface Mentions {
  /** Events that get another text, and those that are about it alone and go. */
  rewritten: number
  deleted: number
  /** Records of the checkpoint. */
  records: number
  /** What people have said of it, or under its name. */
  changes: number
  /** Events whose names of other things still have it in them. */
  inNames: number
}

export interface LogErasure {
  erased: Erased
  redaction: Redaction
  substitute: string
  /** Nothing is changed. */
  isDryRun: boolean
  signal: AbortSignal
  onScanned: (events: number) => void
}

/**
 * Takes a dataset or a person out of the log: out of the texts of events, the checkpoint, and what people have said. The rest of the
 * graph is made of these and has to be made anew. It may be interrupted and done again.
 */
export async function eraseFromLog(graph: Graph, erasure: LogErasure): Promise<Mentions> {
  const mentions: Mentions = { rewritten: 0, deleted: 0, records: 0, changes: 0, inNames: 0 }
  let scanned = 0
  for await (const page of readLog(graph, {})) {
    erasure.signal.throwIfAborted()
    const found = page.events.flatMap((event) => toRewrite(event, erasure))
    for (const { payload, isNamed } of found) {
      if (payload === undefined) mentions.deleted += 1
      else if (isNamed === 'elsewhere only') mentions.inNames += 1
      else mentions.rewritten += 1
      if (isNamed === true) mentions.inNames += 1
    }
    const changed = found.filter(({ isNamed }) => isNamed !== 'elsewhere only')
    if (!erasure.isDryRun && changed.length > 0)
      await patiently(() => graph.inWrite((tx) => rewrite(tx, changed)))
    scanned += page.scanned
    erasure.onScanned(scanned)
  }
  mentions.records = await eraseFromCheckpoint(graph, erasure)
  mentions.changes = await eraseFromChanges(graph, erasure)
  return mentions
}

interface Rewrite {
  id: string
  /** Undefined where the event goes. */
  payload: Buffer | undefined
  newId: string
  producer: string
  /** Whether the name is still in it, in the name of something else. */
  isNamed: boolean | 'elsewhere only'
}

function toRewrite({ id, payload, producer }: LoggedEvent, { redaction }: LogErasure): Rewrite[] {
  const text = inflate(payload)
  if (text === undefined || !redaction.mayMention(text)) return []
  const value: unknown = JSON.parse(text)
  const isAboutIt =
    isJsonObject(value) && value['dataset'] !== undefined && redaction.redact(value['dataset']) === undefined
  if (isAboutIt) return [{ id, payload: undefined, newId: id, producer, isNamed: false }]
  const rewritten = JSON.stringify(redaction.redact(value))
  const isLeft = redaction.mayMention(rewritten)
  const isSame = rewritten === JSON.stringify(value)
  return [
    {
      id,
      payload: gzipSync(rewritten),
      newId: createHash('sha256').update(rewritten).digest('hex'),
      producer: readText(JSON.parse(rewritten), ['producer']) ?? producer,
      isNamed: isSame ? 'elsewhere only' : isLeft,
    },
  ]
}

/** The text of a payload; undefined where it is damaged. */
export function inflate(payload: Buffer): string | undefined {
  try {
    return gunzipSync(payload).toString('utf8')
  } catch {
    return undefined
  }
}

const rewriteStatement = cypher`
  UNWIND $rows AS row
  MATCH (old:Event {id: row.id})
  USING INDEX SEEK old:Event(id)
  WITH old, row, properties(old) AS before
  DETACH DELETE old
  WITH row, before
  WHERE row.payload IS NOT NULL
  MERGE (e:Event {id: row.newId})
  SET e += before, e.id = row.newId, e.producer = row.producer, e.payload = row.payload
`

async function rewrite(tx: GraphTransaction, rewrites: readonly Rewrite[]): Promise<void> {
  const rows = rewrites.map(({ id, payload, newId, producer }) => ({
    id,
    newId,
    producer,
    payload: payload === undefined ? null : toByteArray(payload),
  }))
  await tx.run(rewriteStatement, { rows })
}

async function eraseFromCheckpoint(
  graph: Graph,
  { erased, redaction, substitute, isDryRun }: LogErasure,
): Promise<number> {
  // What its own events have said of others stays, under a key that is not made of its name.
  const own = erased.kind === 'DATASET' ? recordKey({ dataset: toEntityKey(erased) }) : undefined
  let records = 0
  for await (const page of listRecords(graph)) {
    const touched = page.filter(({ payload }) => redaction.mayMention(inflate(payload) ?? ''))
    records += touched.length
    if (isDryRun || touched.length === 0) continue
    const rewritten = touched.map(({ key, payload }) => ({
      key: key === own ? `dataset ${substitute}` : key,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- facts without some of their entries
      facts: redaction.redact(decodeFacts(payload)) as Facts,
    }))
    await patiently(() =>
      graph.inWrite(async (tx) => {
        await replaceRecords(tx, rewritten)
        if (own !== undefined) await deleteRecords(tx, [own])
      }),
    )
  }
  return records
}

const deleteChangesStatement = cypher`
  UNWIND $ids AS id
  MATCH (c:Change {id: id})
  USING INDEX SEEK c:Change(id)
  DELETE c
`
const renameChangesStatement = cypher`
  UNWIND $ids AS id
  MATCH (c:Change {id: id})
  USING INDEX SEEK c:Change(id)
  SET c.by = $substitute
`

async function eraseFromChanges(graph: Graph, { erased, substitute, isDryRun }: LogErasure): Promise<number> {
  const changes = await readChanges(graph)
  const ids = changes
    .filter((change) => {
      if (erased.kind === 'PERSON') return change.by === erased.name
      const said = readPeopleChange(change)
      if (said === undefined || said.kind === 'TAG_DESCRIBED' || said.thing.kind === 'job') return false
      return said.thing.namespace === erased.namespace && said.thing.name === erased.name
    })
    .map(({ id }) => id)
  const statement = erased.kind === 'PERSON' ? renameChangesStatement : deleteChangesStatement
  if (!isDryRun && ids.length > 0)
    await patiently(() => graph.inWrite((tx) => tx.run(statement, { ids, substitute })))
  return ids.length
}
