import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { asText, fromDateTime, toDateTime } from '../graph/values.ts'
import { aboutOf, readPeopleChange, type ChangedThing } from '../log/people-change.ts'
import { toContentKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import { runRows } from './run-rows.ts'
import {
  createTagsStatement,
  deleteTaggedStatement,
  tagDatasetsStatement,
  tagFieldsStatement,
  tagJobsStatement,
} from './write-tags.ts'

/** The source of tags that people give; producers may name it too, so that `at` tells whose a tag is. */
const PEOPLE = 'USER'

/** People give tags without a value. */
const NO_VALUE = ''

const findChangesStatement = cypher`
  UNWIND $rows AS about
  MATCH (c:Change {about: about})
  USING INDEX SEEK c:Change(about)
  RETURN c.about AS about, c.kind AS kind, c.payload AS payload, c.at AS at, c.id AS id
`

const hideJobsStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.thing.namespace, name: row.thing.name})
  USING INDEX SEEK j:Job(namespace, name)
  SET j.hiddenAt = row.at
`

const hideDatasetsStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.thing.namespace, name: row.thing.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  SET d.hiddenAt = row.at
`

const findTaggedStatement = cypher`
  UNWIND $rows AS key
  MATCH ()-[x:TAGGED {key: key}]->()
  USING INDEX SEEK x:TAGGED(key)
  RETURN key
`

/**
 * Brings into force what people have said of things which the transaction has made or locked (a field by its dataset). It may be done
 * again at any time: what holds follows from the changes alone, of each tag and thing the newest.
 */
export async function applyPeopleChanges(
  tx: GraphTransaction,
  things: readonly ChangedThing[],
): Promise<void> {
  const byAbout = new Map(things.map((thing) => [aboutOf(thing), thing]))
  const rows = await runRows(tx, findChangesStatement, [...byAbout.keys()].toSorted())
  if (rows.length === 0) return
  const { hidden, tags } = toNewest(rows, byAbout)
  const hide = (kind: ChangedThing['kind']) => hidden.filter(({ thing }) => thing.kind === kind)
  await runRows(tx, hideJobsStatement, hide('job').map(toRow))
  await runRows(tx, hideDatasetsStatement, hide('dataset').map(toRow))
  await runRows(
    tx,
    deleteTaggedStatement,
    tags.filter(({ holds }) => !holds).map(({ key }) => key),
  )
  const wanted = tags.filter(({ holds }) => holds)
  const names = [...new Set(wanted.map(({ tag }) => tag))].toSorted()
  await runRows(
    tx,
    createTagsStatement,
    names.map((key) => ({ key, value: NO_VALUE })),
  )
  const present = new Set(
    (
      await runRows(
        tx,
        findTaggedStatement,
        wanted.map(({ key }) => key),
      )
    ).map(({ key }) => key),
  )
  const fresh = wanted.filter(({ key }) => !present.has(key))
  const of = (kind: ChangedThing['kind']) => fresh.filter(({ thing }) => thing.kind === kind).map(toRow)
  await runRows(tx, tagJobsStatement, of('job'))
  await runRows(tx, tagDatasetsStatement, of('dataset'))
  await runRows(tx, tagFieldsStatement, of('field'))
}

interface Said {
  thing: ChangedThing
  at: Instant
  id: string
}

interface SaidTag extends Said {
  tag: string
  key: string
  /** Whether the newest change tags the thing, or takes the tag away. */
  holds: boolean
}

function toNewest(rows: Record<string, unknown>[], byAbout: ReadonlyMap<string, ChangedThing>) {
  const hidden = new Map<string, Said>()
  const tags = new Map<string, SaidTag>()
  for (const row of rows) {
    const about = String(row['about'])
    const thing = byAbout.get(about)
    const change = readPeopleChange({ kind: String(row['kind']), payload: asText(row['payload']) ?? '' })
    if (thing === undefined || change === undefined || change.kind === 'TAG_DESCRIBED') continue
    const said = { thing, at: fromDateTime(row['at']) ?? '', id: String(row['id']) }
    if (change.kind === 'HIDDEN') {
      if (isNewer(said, hidden.get(about))) hidden.set(about, said)
      continue
    }
    const key = toContentKey(JSON.stringify([PEOPLE, about, change.tag]))
    if (isNewer(said, tags.get(key)))
      tags.set(key, { ...said, key, tag: change.tag, holds: change.kind === 'TAGGED' })
  }
  return { hidden: [...hidden.values()].toSorted(byPlace), tags: [...tags.values()].toSorted(byPlace) }
}

function isNewer(said: Said, before: Said | undefined): boolean {
  return before === undefined || `${said.at} ${said.id}` > `${before.at} ${before.id}`
}

function byPlace(a: Said, b: Said): number {
  return JSON.stringify(a.thing) < JSON.stringify(b.thing) ? -1 : 1
}

function toRow<T extends Said>(said: T) {
  return { ...said, at: toDateTime(said.at), source: PEOPLE, value: NO_VALUE }
}
