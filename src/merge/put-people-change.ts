import { randomUUID } from 'node:crypto'
import { awaitOpenTransactions } from '../graph/await-open.ts'
import type { Graph, GraphTransaction } from '../graph/connection.ts'
import { cypher, type Statement } from '../graph/cypher.ts'
import { patiently } from '../graph/patiently.ts'
import { toDateTime } from '../graph/values.ts'
import { refuseDuringWipe } from '../graph/wipe-guard.ts'
import {
  aboutOf,
  readPeopleChange,
  toPayload,
  type ChangedThing,
  type PeopleChange,
} from '../log/people-change.ts'
import { instantOf } from '../openlineage/time.ts'
import { applyPeopleChanges } from './apply-people-changes.ts'

/** Things whose changes are brought into force in one transaction: it holds their locks. */
const THINGS_AT_ONCE = 100

const lockJobStatement = cypher`
  MATCH (j:Job {namespace: $thing.namespace, name: $thing.name})
  USING INDEX SEEK j:Job(namespace, name)
  WHERE j.firstSeenAt IS NOT NULL
  SET j.lock = true
  RETURN true AS isThere
`

const lockDatasetStatement = cypher`
  MATCH (d:Dataset {namespace: $thing.namespace, name: $thing.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  WHERE d.firstSeenAt IS NOT NULL
  SET d.lock = true
  RETURN true AS isThere
`

/** A field is locked by its dataset. */
const lockFieldStatement = cypher`
  MATCH (d:Dataset {namespace: $thing.namespace, name: $thing.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  SET d.lock = true
  WITH d
  MATCH (f:Field {namespace: $thing.namespace, dataset: $thing.name, name: $thing.field})
  USING INDEX SEEK f:Field(namespace, dataset, name)
  RETURN true AS isThere
`

const lockStatements: Readonly<Record<ChangedThing['kind'], Statement>> = {
  job: lockJobStatement,
  dataset: lockDatasetStatement,
  field: lockFieldStatement,
}

/** A clock that is behind the one of the change before must not hide this one. */
const writeChangeStatement = cypher`
  OPTIONAL MATCH (before:Change {about: $about})
  USING INDEX SEEK before:Change(about)
  WITH max(before.at) AS newest
  CREATE (c:Change {id: $id, kind: $kind, by: $by, payload: $payload, about: $about})
  SET c.at = CASE WHEN newest IS NULL OR newest < $at THEN $at ELSE newest + duration({nanoseconds: 1}) END
`

const writeDescriptionStatement = cypher`
  CREATE (c:Change {id: $id, kind: $kind, by: $by, payload: $payload, at: $at})
`

/**
 * Notes in the log what somebody has changed, and brings it into force, in one transaction.
 * @returns false where the graph does not have the thing
 * @throws {WipeUnderWay} while a rebuild empties the graph
 */
export async function putPeopleChange(
  graph: Graph,
  { change, by }: { change: PeopleChange; by: string },
): Promise<boolean> {
  const row = {
    id: randomUUID(),
    kind: change.kind,
    by,
    payload: toPayload(change),
    at: toDateTime(instantOf(Date.now())),
  }
  return await graph.inWrite(async (tx) => {
    await refuseDuringWipe(tx)
    if (change.kind === 'TAG_DESCRIBED') {
      await tx.run(writeDescriptionStatement, row)
      return true
    }
    const { thing } = change
    if (!(await lock(tx, thing))) return false
    await tx.run(writeChangeStatement, { ...row, about: aboutOf(thing) })
    await applyPeopleChanges(tx, [thing])
    return true
  })
}

/**
 * Brings changes into force that were written into the log alone, such as those of another graph. What they are about and is not there
 * yet gets them when it is merged; whoever merges now may not have seen them, and is waited for.
 */
export async function applyWrittenChanges(
  graph: Graph,
  { changes, signal }: { changes: readonly { kind: string; payload: string }[]; signal: AbortSignal },
): Promise<void> {
  const things = new Map(changes.map(readPeopleChange).flatMap(toKeyedThing))
  if (things.size === 0) return
  await awaitOpenTransactions(graph, signal)
  const sorted = [...things].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, thing]) => thing)
  for (let from = 0; from < sorted.length; from += THINGS_AT_ONCE) {
    signal.throwIfAborted()
    const some = sorted.slice(from, from + THINGS_AT_ONCE)
    await patiently(() =>
      graph.inWrite(async (tx) => {
        await refuseDuringWipe(tx)
        const there: ChangedThing[] = []
        for (const thing of some) if (await lock(tx, thing)) there.push(thing)
        await applyPeopleChanges(tx, there)
      }),
    )
  }
}

async function lock(tx: GraphTransaction, thing: ChangedThing): Promise<boolean> {
  return (await tx.run(lockStatements[thing.kind], { thing })).length > 0
}

/** Jobs before datasets, and a dataset before its fields: the order in which merges lock. */
function toKeyedThing(change: PeopleChange | undefined): [string, ChangedThing][] {
  if (change === undefined || change.kind === 'TAG_DESCRIBED') return []
  const { thing } = change
  const rank = thing.kind === 'job' ? 0 : 1
  return [[JSON.stringify([rank, thing.namespace, thing.name, thing.kind, aboutOf(thing)]), thing]]
}
