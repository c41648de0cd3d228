import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from '../logger.ts'
import type { Graph } from './connection.ts'
import { cypher, type Statement } from './cypher.ts'
import { patiently } from './patiently.ts'
import { constraints } from './migrations/001-constraints.ts'
import { indexes } from './migrations/002-indexes.ts'
import { peopleAndTests } from './migrations/003-people-and-tests.ts'
import { identity } from './migrations/004-identity.ts'
import { changes } from './migrations/005-changes.ts'
import { logIndexes } from './migrations/006-log.ts'
import { renames } from './migrations/008-renames.ts'
import { reading } from './migrations/009-reading.ts'
import { changesByPeople } from './migrations/010-changes-by-people.ts'
import { searchIndexes } from './migrations/011-search.ts'
import { fieldSightings } from './migrations/012-field-sightings.ts'
import { retention } from './migrations/016-retention.ts'
import { queues } from './migrations/018-queues.ts'

export interface Migration {
  number: number
  name: string
  statements: readonly Statement[]
  /** A worker of a version before it must not write to the graph any more. The changelog says so, too. */
  endsOlder?: true
}

/** In order; a number once given keeps its meaning. */
export const migrations: readonly Migration[] = [
  { number: 1, name: 'constraints', statements: constraints },
  { number: 2, name: 'indexes', statements: indexes },
  { number: 3, name: 'people and tests', statements: peopleAndTests },
  { number: 4, name: 'identity', statements: identity },
  { number: 5, name: 'changes', statements: changes },
  { number: 6, name: 'log', statements: logIndexes },
  { number: 8, name: 'renames', statements: renames },
  { number: 9, name: 'reading', statements: reading },
  { number: 10, name: 'changes by people', statements: changesByPeople },
  { number: 11, name: 'search', statements: searchIndexes },
  { number: 12, name: 'field sightings', statements: fieldSightings },
  { number: 16, name: 'retention', statements: retention },
  { number: 18, name: 'queues', statements: queues },
  // `Run.accumulated` and `facetClocks` are written in a form that an older worker takes for something else.
  { number: 19, name: 'short notes', statements: [], endsOlder: true },
]

const takeMigrationLock = cypher`
  MERGE (m:Migration {number: 0})
  SET m.lock = true
  WITH m
  OPTIONAL MATCH (done:Migration)
  RETURN collect(done {.number, .name, .endsOlder}) AS marks
`

const markMigration = cypher`
  MERGE (m:Migration {number: $number})
  ON CREATE SET m.name = $name, m.endsOlder = $endsOlder, m.appliedAt = datetime()
`

const constrainMigrations = cypher`
  CREATE CONSTRAINT migration_number IF NOT EXISTS FOR (n:Migration) REQUIRE n.number IS UNIQUE
`

const findUnfinishedIndexes = cypher`
  SHOW INDEXES YIELD name, state, failureMessage
  WHERE state <> 'ONLINE'
  RETURN name, state, failureMessage
`

const pollMs = 250

/**
 * Brings the graph's constraints and indexes up to date. Several workers may start at once: each statement may run twice without
 * harm, and a migration is marked when all of its statements have run.
 * @param known for tests
 * @throws {GraphTooNew} where a newer version has changed the graph in a way that this one must not write to
 */
export async function migrateGraph(
  graph: Graph,
  log: Logger,
  known: readonly Migration[] = migrations,
): Promise<void> {
  await graph.runAlone(constrainMigrations)
  const [row] = await graph.inWrite((transaction) => transaction.run(takeMigrationLock))
  const marks = toMarks(row?.['marks'])
  checkNewer(marks, known, log)
  const applied = new Set(marks.map(({ number }) => number))
  const due = known.filter(({ number }) => !applied.has(number))
  for (const { number, name, statements, endsOlder = false } of due) {
    // Of several that start at once, one makes a constraint while the others wait for it.
    for (const statement of statements) await patiently(() => graph.runAlone(statement))
    await graph.inWrite((transaction) => transaction.run(markMigration, { number, name, endsOlder }))
    log.info({ number, name }, 'graph migration applied')
  }
  await waitForIndexes(graph)
}

/** A newer version of Headwater has made the graph into something that this one would damage. */
export class GraphTooNew extends Error {
  override readonly name = 'GraphTooNew'
}

interface Mark {
  number: number
  name: string
  endsOlder: boolean
}

function toMarks(value: unknown): Mark[] {
  const rows: unknown[] = Array.isArray(value) ? value : []
  return rows.flatMap((row) => {
    if (typeof row !== 'object' || row === null || !('number' in row) || typeof row.number !== 'number')
      return []
    const name = 'name' in row ? String(row.name) : ''
    return [{ number: row.number, name, endsOlder: 'endsOlder' in row && row.endsOlder === true }]
  })
}

/** Workers of two versions work side by side during an upgrade, unless the newer one has said that they must not. */
function checkNewer(marks: readonly Mark[], known: readonly Migration[], log: Logger): void {
  const newest = Math.max(...known.map(({ number }) => number))
  const newer = marks.filter(({ number }) => number > newest).toSorted((a, b) => a.number - b.number)
  const end = newer.find(({ endsOlder }) => endsOlder)
  if (end !== undefined) {
    throw new GraphTooNew(
      `The graph has migration ${end.number} (${end.name}) of a newer Headwater, which no version before it may write to; this one knows those up to ${newest}. Start the newer version, or let this one have a graph of its own: docs/operations.md, Upgrades.`,
    )
  }
  if (newer.length > 0) {
    const numbers = newer.map(({ number }) => number)
    log.warn({ migrations: numbers, newest }, 'graph has migrations of a newer version, older ones may go on')
  }
}

/**
 * Waits until every index can be used. Not by `db.awaitIndexes`, which holds locks on labels while it waits: another worker that makes
 * a constraint would wait for it, and it for the constraint.
 * @throws {Error} where an index could not be made
 */
async function waitForIndexes(graph: Graph): Promise<void> {
  for (;;) {
    const unfinished = await graph.inRead((transaction) => transaction.run(findUnfinishedIndexes))
    const failed = unfinished.find(({ state }) => state === 'FAILED')
    if (failed !== undefined)
      throw new Error(
        `the index ${String(failed['name'])} could not be made: ${String(failed['failureMessage'])}`,
      )
    if (unfinished.length === 0) return
    await pause(pollMs)
  }
}
