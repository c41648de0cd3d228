import type { GraphTransaction } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { toDateTime } from '../../graph/values.ts'
import type { Reader } from '../../http/access.ts'
import { toInstantOf } from '../../openlineage/point-in-time.ts'
import { listNamespacesStatement } from './namespace-statements.ts'

export type Counted = 'jobs' | 'datasets' | 'sources'

/*
 * All there are is a count that Neo4j keeps ready; taken from it are those that came after each time, which an index tells.
 */

const countJobsStatement = cypher`
  CALL () { MATCH (:Job)-[:IN]->() RETURN count(*) AS total }
  UNWIND $ends AS end
  CALL (end) {
    MATCH (j:Job) USING INDEX j:Job(firstSeenAt) WHERE j.firstSeenAt >= end RETURN count(j) AS later
  }
  RETURN total - later AS count
`

const countDatasetsStatement = cypher`
  CALL () { MATCH (:Dataset)-[:IN]->() RETURN count(*) AS total }
  UNWIND $ends AS end
  CALL (end) {
    MATCH (d:Dataset) USING INDEX d:Dataset(firstSeenAt) WHERE d.firstSeenAt >= end RETURN count(d) AS later
  }
  RETURN total - later AS count
`

const countJobsOfNamespacesStatement = cypher`
  UNWIND $ends AS end
  CALL (end) {
    UNWIND $namespaces AS namespace
    MATCH (j:Job) USING INDEX j:Job(namespace, name) WHERE j.namespace = namespace AND j.name IS NOT NULL AND j.firstSeenAt < end
    RETURN count(j) AS count
  }
  RETURN count
`

const countDatasetsOfNamespacesStatement = cypher`
  UNWIND $ends AS end
  CALL (end) {
    UNWIND $namespaces AS namespace
    MATCH (d:Dataset) USING INDEX d:Dataset(namespace, name) WHERE d.namespace = namespace AND d.name IS NOT NULL AND d.firstSeenAt < end
    RETURN count(d) AS count
  }
  RETURN count
`

/** Sources are few. */
const sourcesMax = 1000
const looked = 100

/** How many there were at each of these times. */
export async function countCreated(
  tx: GraphTransaction,
  { what, ends, reader }: { what: Counted; ends: readonly number[]; reader: Reader },
): Promise<number[]> {
  const times = ends.map((endMs) => toDateTime(toInstantOf(endMs) ?? ''))
  const namespaces = reader.namespaces
  if (what === 'sources') {
    const listing = { namespaces: namespaces ?? null, sources: true, limit: sourcesMax, offset: 0, looked }
    const rows = await tx.run(listNamespacesStatement, listing)
    const created = rows.map((row) => Date.parse(String(row['createdAt'])))
    return ends.map((endMs) => created.filter((createdMs) => createdMs < endMs).length)
  }
  const whole = what === 'jobs' ? countJobsStatement : countDatasetsStatement
  const limited = what === 'jobs' ? countJobsOfNamespacesStatement : countDatasetsOfNamespacesStatement
  const rows =
    namespaces === undefined
      ? await tx.run(whole, { ends: times })
      : await tx.run(limited, { ends: times, namespaces })
  return rows.map((row) => Number(row['count']))
}
