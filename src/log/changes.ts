import type { Graph } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { patiently } from '../graph/patiently.ts'
import { asText, fromDateTime, toDateTime } from '../graph/values.ts'
import { toInstant } from '../openlineage/time.ts'
import type { LoggedChange } from './logged-event.ts'
import { aboutOfChange } from './people-change.ts'

/** Changes read or written in one transaction. */
const pageChanges = 500
/** Of a change that does not say when: before all others. */
const noTime = '0000-01-01T00:00:00.000000000Z'

const readChangesStatement = cypher`
  MATCH (c:Change)
  USING INDEX SEEK c:Change(id)
  WHERE c.id > $after
  WITH c ORDER BY c.id LIMIT toInteger($limit)
  RETURN c.id AS id, c.at AS at, c.kind AS kind, c.payload AS payload, c.by AS by
`

/** All that people have changed, the oldest first. */
export async function readChanges(graph: Graph): Promise<LoggedChange[]> {
  const changes: LoggedChange[] = []
  for (let after = ''; ;) {
    const page = { after, limit: pageChanges }
    const rows = await patiently(() => graph.inRead((tx) => tx.run(readChangesStatement, page)))
    changes.push(...rows.map(toChange))
    const last = rows.at(-1)
    if (last === undefined) return changes.toSorted((a, b) => (toOrder(a) < toOrder(b) ? -1 : 1))
    after = String(last['id'])
  }
}

function toOrder({ at, id }: LoggedChange): string {
  return `${at} ${id}`
}

function toChange(row: Record<string, unknown>): LoggedChange {
  return {
    id: String(row['id']),
    at: fromDateTime(row['at']) ?? toInstant(String(row['at'])) ?? noTime,
    kind: String(row['kind']),
    payload: asText(row['payload']) ?? '',
    by: asText(row['by']),
  }
}

const writeChangesStatement = cypher`
  UNWIND $rows AS row
  MERGE (c:Change {id: row.id})
  ON CREATE SET c += row.properties
`

/** Writes changes that another graph has known; those that are there stay as they are. */
export async function writeChanges(graph: Graph, changes: readonly LoggedChange[]): Promise<void> {
  for (let from = 0; from < changes.length; from += pageChanges) {
    const rows = changes.slice(from, from + pageChanges).map(({ id, at, kind, payload, by }) => ({
      id,
      properties: {
        at: toDateTime(at),
        kind,
        payload,
        by: by ?? null,
        about: aboutOfChange({ kind, payload }) ?? null,
      },
    }))
    await patiently(() => graph.inWrite((tx) => tx.run(writeChangesStatement, { rows })))
  }
}
